/** Topics on the broker. A robot id is 1-32 of a-z, 0-9 and hyphen; a peer id is 32 hex digits. */
import { z } from 'zod';

export const RobotId = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'expected 1-32 of a-z, 0-9 and hyphen');
/** A fleet or a school. */
export const PlaceId = RobotId;
export const PeerId = z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 hex digits');

const root = (robot: string): string => `deskmate/1/${robot}`;

export const topics = {
  /** Retained life cycle state of a robot. */
  state: (robot: string): string => `${root(robot)}/$state`,
  /** Retained measurements of a robot's body and software, each minute and at changes. */
  telemetry: (robot: string): string => `${root(robot)}/telemetry`,
  /** Usage records, QoS 1, kept by the robot until acknowledged. */
  usage: (robot: string): string => `${root(robot)}/usage`,
  /** The robot requests the time from the fleet. */
  timeQuestion: (robot: string): string => `${root(robot)}/time/ask`,
  /** Retained: who the robot is, and which settings it runs with; order.ts, settings.ts. */
  identity: (robot: string): string => `${root(robot)}/identity`,
  reported: (robot: string): string => `${root(robot)}/reported`,
  /** Signed orders of people; order.ts. */
  order: (robot: string): string => `${root(robot)}/order`,
  /** Records, QoS 1, as usage: answers to orders, and the audit log. */
  receipt: (robot: string): string => `${root(robot)}/receipt`,
  audit: (robot: string): string => `${root(robot)}/audit`,
  /** The fleet service has stored records; record-ack.ts. */
  recordAck: (robot: string): string => `${root(robot)}/records/ack`,
  /** Renewal of the robot's certificate; certificate.ts. */
  certificateRequest: (robot: string): string => `${root(robot)}/certificate/request`,
  certificateAnswer: (robot: string): string => `${root(robot)}/certificate/answer`,
  /** The fleet's answer. */
  timeAnswer: (robot: string): string => `${root(robot)}/time/answer`,
  /** From a pupil's device to the robot. */
  toRobot: (robot: string, peer: string): string => `${root(robot)}/signal/${peer}/up`,
  /** From the robot to a pupil's device. */
  toPeer: (robot: string, peer: string): string => `${root(robot)}/signal/${peer}/down`,
  /** What the robot subscribes to. */
  allPeers: (robot: string): string => `${root(robot)}/signal/+/up`,
};

/** The peer id of a `toRobot` topic, or undefined when it is not one. */
export function peerOf(robot: string, topic: string): string | undefined {
  const prefix = `${root(robot)}/signal/`;
  if (!topic.startsWith(prefix) || !topic.endsWith('/up')) return undefined;
  const peer = topic.slice(prefix.length, -'/up'.length);
  return PeerId.safeParse(peer).success ? peer : undefined;
}
