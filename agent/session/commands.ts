import type { CameraIntrinsics, VideoSize } from '../../hal/ports/media.ts';
import type { BodyCommands } from '../body/body-link.ts';
import { sizes } from '../media-link/media-loop.ts';
import type { RobotMessage } from '../wire/control.ts';
import { aimAt, type Pose } from './aim.ts';
import type { Choices } from './choices.ts';
import type { AnyCommand } from './command-gate.ts';
import type { Presets } from './presets.ts';

/** What commands act on. */
interface CommandContext {
  readonly body: BodyCommands;
  readonly choices: Choices;
  readonly presets: Presets;
  readonly lens: CameraIntrinsics;
  /** The head's present pose. */
  readonly pose: Pose;
  /** When the command arrived: firmware measures latency from here to the servo write. */
  readonly receivedAtMs: number;
  nowMs(): number;
  choose(change: Partial<Choices>): void;
  picture(size: Extract<AnyCommand, { kind: 'picture' }>['size']): void;
  answer(message: RobotMessage): void;
  handRaised(): void;
  measured(videoLatencyMs: number | null, lossRatio: number): void;
  hangUp(): void;
}

type Act<K extends AnyCommand['kind']> = (
  command: Extract<AnyCommand, { kind: K }>,
  context: CommandContext,
) => void;

/** One action per kind of command; every command here has passed the gate. */
const acts: { [K in AnyCommand['kind']]: Act<K> } = {
  look: ({ pan, tilt }, { body, receivedAtMs }) => body.look({ pan, tilt }, receivedAtMs),
  lookRate: ({ pan, tilt }, { body, receivedAtMs }) => body.lookRate({ pan, tilt }, receivedAtMs),
  tap: ({ x, y }, context) => {
    const target = aimAt(x, y, context.pose, context.lens, pictureOf(context));
    context.body.look(target, context.receivedAtMs);
  },
  stop: (_, { body }) => body.stop(),
  goPreset: ({ preset }, { body, presets, receivedAtMs }) =>
    body.look(presets.all[preset], receivedAtMs),
  storePreset: ({ preset }, { presets, pose, choose }) => {
    presets.store(preset, pose);
    choose({});
  },
  gesture: ({ gesture }, { body }) => body.gesture(gesture),
  hand: ({ up }, context) => {
    if (up && context.choices.hand !== 'up') context.handRaised();
    context.choose({ hand: up ? 'up' : 'down' });
  },
  mood: ({ mood }, { choose }) => choose({ mood }),
  listenOnly: ({ on }, { choose }) => choose({ listenOnly: on }),
  voice: ({ mode }, { choose }) => choose({ voice: mode }),
  volume: ({ volume }, { choose }) => choose({ volume }),
  picture: ({ size }, { picture }) => picture(size),
  hangUp: (_, context) => context.hangUp(),
  alive: ({ seq, sentAtMs }, context) =>
    context.answer({ kind: 'alive', seq, sentAtMs, robotAtMs: context.nowMs() }),
  measured: ({ videoLatencyMs, lossRatio }, context) => context.measured(videoLatencyMs, lossRatio),
};

export function carryOut<K extends AnyCommand['kind']>(
  command: Extract<AnyCommand, { kind: K }>,
  context: CommandContext,
): void {
  const act: Act<K> = acts[command.kind as K];
  act(command, context);
}

function pictureOf({ choices }: CommandContext): VideoSize {
  return sizes[choices.picture];
}
