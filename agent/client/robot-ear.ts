import { jsonOf } from '../../hal/common/json.ts';
import { RobotMessage } from '../wire/control.ts';

/** The whole state is under 2 kB; whatever is much longer is no message of ours. Characters. */
const MAX_ROBOT_MESSAGE = 16 * 1024;

/** What the robot said on the control channel, or undefined when it is none of its messages. */
export function readRobotMessage(data: unknown): RobotMessage | undefined {
  if (typeof data !== 'string' || data.length > MAX_ROBOT_MESSAGE) return undefined;
  return RobotMessage.safeParse(jsonOf(data)).data;
}
