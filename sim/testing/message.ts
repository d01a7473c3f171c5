/** A message as the broker holds it. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retain: boolean;
}

/** MQTT 3.1.1, 4.7: `+` is one level, `#` at the end is all that follow and their parent. */
export function topicMatches(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  const rest = wanted.indexOf('#');
  if (rest < 0 && wanted.length !== levels.length) return false;
  const fixed = rest < 0 ? wanted : wanted.slice(0, rest);
  return (
    levels.length >= fixed.length && fixed.every((level, i) => level === '+' || level === levels[i])
  );
}
