/** A timetable from a file that people have: a week plan, or iCalendar. */
import { calendarIssueText, readCalendar } from '../../../agent/timetable/icalendar.ts';
import { parseWeekPlan, rowErrorText } from '../../../agent/timetable/week-plan.ts';
import { CivilDate, type Timetable, Zone } from '../../../agent/wire/timetable.ts';
import { encodeTimetable } from '../../../agent/wire/timetable-code.ts';
import { numberFlag, textFlag } from '../command/flag.ts';
import { type Call, CommandError, EXIT, usageError } from '../command/verb.ts';
import { checked, newId, readInput } from './fleet-call.ts';

const PHASES = [1, 2, 3, 4, 5, 6] as const;
/** Before and after each lesson, minutes. */
const GRACE_MIN = 10;

/** The compact form, for an order. Throws CommandError that says which row or line. */
export function timetableOf(call: Call, file: string): string {
  const text = readInput(file);
  const isCalendar = /^\s*BEGIN:VCALENDAR/i.test(text.replace(/^\uFEFF/, ''));
  const table = isCalendar ? ofCalendar(call, file, text) : ofWeekPlan(call, file, text);
  const encoded = encodeTimetable(table);
  if (encoded.ok) return encoded.value;
  throw wrong(file, [`${encoded.where}: ${encoded.why}`]);
}

function base(call: Call) {
  const typed = numberFlag(call, 'phase');
  const phase = PHASES.find((one) => one === typed);
  if (!phase) throw usageError('--phase N: expected the phase of the return to school, 1 to 6');
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = checked('--zone', Zone, textFlag(call, 'zone') ?? own);
  return {
    ...{ id: newId(), version: call.clock.wall(), zone, phase },
    ...{ graceBeforeMin: GRACE_MIN, graceAfterMin: GRACE_MIN },
  };
}

function dateOf(call: Call, name: 'from' | 'until'): string | undefined {
  const text = textFlag(call, name);
  return text === undefined ? undefined : checked(`--${name}`, CivilDate, text);
}

function ofWeekPlan(call: Call, file: string, text: string): Timetable {
  const plan = parseWeekPlan(text);
  if (!plan.ok) throw wrong(file, plan.errors.map(rowErrorText));
  const [from, until] = [dateOf(call, 'from'), dateOf(call, 'until')];
  return {
    ...base(call),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    ...{ week: [...plan.week], dated: [], holidays: [] },
  };
}

function ofCalendar(call: Call, file: string, text: string): Timetable {
  const [from, until] = [dateOf(call, 'from'), dateOf(call, 'until')];
  if (from === undefined || until === undefined)
    throw usageError('--from DATE and --until DATE: expected both for a calendar');
  try {
    const read = readCalendar(text, { ...base(call), from, until });
    if (!read.ok) throw wrong(file, read.errors.map(calendarIssueText));
    for (const note of read.notes) call.terminal.complain(`${file}: ${calendarIssueText(note)}`);
    return read.timetable;
  } catch (error) {
    if (error instanceof RangeError) throw usageError(`--until: ${error.message}`);
    throw error;
  }
}

const wrong = (file: string, errors: readonly string[]): CommandError =>
  new CommandError('fileWrong', EXIT.data, `${file}: ${errors.join('; ')}`, { file, errors });
