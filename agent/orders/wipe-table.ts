/**
 * Each file in the agent's folder, and what a hand-over to the next pupil does to it. A file in no
 * row stays and is named in the proof, so that nobody takes it for wiped.
 */

/** `emptied`: rewritten by its owner without the pupil's part. */
type Fate = 'removed' | 'emptied' | 'kept';

interface WipeRow {
  readonly file: RegExp;
  readonly fate: Fate;
  /** For people. */
  readonly why: string;
  /**
   * Its SHA-256 is in the proof. Not of what the order itself goes on writing, nor of private keys.
   */
  readonly digested: boolean;
}

const row = (file: RegExp, fate: Fate, digested: boolean, why: string): WipeRow => ({
  ...{ file, fate, digested, why },
});

/** The first row that matches counts. */
export const WIPE_TABLE: readonly WipeRow[] = [
  row(/^access\.json(?:\.bak)?$/, 'emptied', true, 'devices and invitations of the pupil'),
  row(/^access\.json\./, 'removed', false, 'earlier devices and invitations, set aside'),
  row(/^invitation-clocks\.json/, 'removed', false, 'validity of invitations'),
  row(/^presets\.json/, 'removed', false, 'directions that the pupil has stored'),
  row(/^timetable\.json(?:\.bak)?$/, 'emptied', true, 'lessons of the pupil'),
  row(/^timetable\.json\./, 'removed', false, 'earlier lessons, set aside'),
  row(/^settings\.json/, 'kept', false, 'settings of the robot: network, name, limits'),
  row(/^usage-open\.json$/, 'removed', false, 'the running lesson: closed before, now a record'),
  row(/^usage/, 'kept', false, 'pseudonymous records for the fleet, until it stores them'),
  row(/^robot-keys\.json/, 'kept', false, 'keys of the robot, not of a pupil'),
  row(/^time\.json/, 'kept', true, 'when the robot was on, and what time it was'),
  row(/^membership\.json/, 'kept', true, 'fleet and school'),
  row(/^orders\.json/, 'kept', false, 'numbers and receipts, so that no order happens twice'),
  row(/^audit[.-]/, 'kept', false, 'who changed what; append-only'),
  row(/^records[.-]/, 'kept', false, 'records for the fleet, until it stores them'),
];

export const rowOf = (name: string): WipeRow | undefined =>
  WIPE_TABLE.find(({ file }) => file.test(name));
