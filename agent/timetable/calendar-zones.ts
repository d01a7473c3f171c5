import type { Block } from './calendar-blocks.ts';
import { textOf } from './calendar-blocks.ts';
import { ZoneTime } from './zone-time.ts';

/** Names of Microsoft's calendars for European zones (Unicode CLDR, windowsZones). */
const WINDOWS: Readonly<Record<string, string>> = {
  'W. Europe Standard Time': 'Europe/Berlin',
  'Romance Standard Time': 'Europe/Paris',
  'Central European Standard Time': 'Europe/Warsaw',
  'Central Europe Standard Time': 'Europe/Budapest',
  'GMT Standard Time': 'Europe/London',
  'Greenwich Standard Time': 'Atlantic/Reykjavik',
  'FLE Standard Time': 'Europe/Kiev',
  'GTB Standard Time': 'Europe/Bucharest',
  'E. Europe Standard Time': 'Europe/Chisinau',
  'Turkey Standard Time': 'Europe/Istanbul',
};
const JANUARY = Date.UTC(2027, 0, 15);
const JULY = Date.UTC(2027, 6, 15);

/** The zones that a calendar's times are in: TZID, VTIMEZONE, and the school's own. */
export class CalendarZones {
  private readonly known = new Map<string, ZoneTime | undefined>();

  constructor(
    readonly school: ZoneTime,
    private readonly blocks: readonly Block[],
    /** X-WR-TIMEZONE, for floating times. */
    calendarZone: string | undefined,
  ) {
    this.floating = (calendarZone && zoneNamed(calendarZone)) || school;
  }

  /** Of times without a zone: the calendar's, otherwise the school's. */
  readonly floating: ZoneTime;

  /** Undefined: nobody knows what this TZID means. */
  of(tzid: string): ZoneTime | undefined {
    if (!this.known.has(tzid)) this.known.set(tzid, this.resolve(tzid));
    return this.known.get(tzid);
  }

  private resolve(tzid: string): ZoneTime | undefined {
    const block = this.blocks.find((one) => textOf(one, 'tzid') === tzid);
    const location = block && textOf(block, 'x-lic-location');
    const named = zoneNamed(tzid) ?? (location === undefined ? undefined : zoneNamed(location));
    return named ?? (block && this.asSchool(block));
  }

  /** A zone of the file's own making, such as "Customized Time Zone", with the school's offsets. */
  private asSchool({ lines }: Block): ZoneTime | undefined {
    const offsets = new Set(
      lines.flatMap((line) => /^TZOFFSETTO:([+-]\d{4})/i.exec(line.trim())?.[1] ?? []),
    );
    const { school } = this;
    const own = new Set([JANUARY, JULY].map((ms) => offsetText(school.offsetAt(ms))));
    return offsets.size === own.size && [...own].every((one) => offsets.has(one))
      ? school
      : undefined;
  }
}

function zoneNamed(name: string): ZoneTime | undefined {
  const plain = name.replace(/^"|"$/g, '');
  // Some programs put a path before it: /example.org/20070129_1/Europe/Amsterdam
  const [tail = plain] = /[A-Za-z_]+\/[A-Za-z_]+(?:\/[A-Za-z_]+)?$/.exec(plain) ?? [];
  for (const one of [plain, WINDOWS[plain], tail]) {
    if (one === undefined || !/^[A-Za-z]/.test(one)) continue;
    try {
      return new ZoneTime(one);
    } catch {
      // The next one.
    }
  }
  return undefined;
}

function offsetText(ms: number): string {
  const minutes = Math.abs(ms) / 60_000;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}
