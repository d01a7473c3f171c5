import type { PupilClientApi } from '../../../client/api.ts';
import type { Mood, PresetName } from '../../../wire/control.ts';
import type { PlainKey, Say } from '../words/dictionaries.ts';
import type { KeyAction } from './keys.ts';
import { type ClassModel, headBlock } from './model.ts';

/** What a pupil can do in class, the same for buttons, keys and fingers. */
export interface ClassActions {
  hand(): void;
  listen(): void;
  goPreset(preset: PresetName): void;
  storePreset(preset: PresetName): void;
  mood(mood: Mood): void;
  gesture(gesture: 'nod' | 'shake'): void;
  volumeBy(step: number): void;
  stop(): void;
  straight(): void;
}

export interface ActionNeeds {
  readonly client: PupilClientApi;
  readonly say: Say;
  model(): ClassModel;
  /** Shown for a moment and announced. */
  tell(text: string): void;
  /** To talk, the pupil has to come back with a microphone. */
  needMicrophone(): void;
  muteMicrophone(on: boolean): void;
}

export function classActions(needs: ActionNeeds): ClassActions {
  const { client, say } = needs;
  const turning = (act: () => void): void => unless(needs, headBlock(needs.model()), act);
  return {
    // A hand that was seen is over: the next press raises another.
    hand: () => client.raiseHand(needs.model().robot?.hand !== 'up'),
    listen: () => toggleListening(needs),
    goPreset: (preset) => turning(() => client.goPreset(preset)),
    storePreset: (preset) =>
      turning(() => {
        client.storePreset(preset);
        needs.tell(say('stored', { view: say(preset) }));
      }),
    mood: (mood) => client.mood(mood),
    gesture: (gesture) => turning(() => client.gesture(gesture)),
    volumeBy: (step) => {
      const volume = clampVolume((needs.model().robot?.volume ?? 0.5) + step);
      client.volume(volume);
      needs.tell(say('volumePercent', { percent: Math.round(volume * 100) }));
    },
    stop: () => client.stopHead(),
    straight: () => turning(() => client.look(0, 0)),
  };
}

/** What cannot be done now says why, instead of doing nothing. */
function unless(
  { tell, say }: Pick<ActionNeeds, 'tell' | 'say'>,
  reason: PlainKey | undefined,
  act: () => void,
): void {
  if (reason) tell(say(reason));
  else act();
}

/** The robot mutes; the microphone is closed here as well, so that silence never hangs on one machine. */
function toggleListening(needs: ActionNeeds): void {
  const listening = needs.model().robot?.listenOnly ?? false;
  if (listening && !needs.model().hasMicrophone) {
    needs.needMicrophone();
    return;
  }
  needs.muteMicrophone(!listening);
  needs.client.listenOnly(!listening);
}

const clampVolume = (volume: number): number =>
  Math.round(Math.min(1, Math.max(0, volume)) * 100) / 100;

/** Performs what a key means; turning, help and leaving belong to others. */
export function perform(actions: ClassActions, action: KeyAction): void {
  switch (action.act) {
    case 'hand':
      actions.hand();
      break;
    case 'listen':
      actions.listen();
      break;
    case 'preset':
      actions.goPreset(action.preset);
      break;
    case 'store':
      actions.storePreset(action.preset);
      break;
    case 'mood':
      actions.mood(action.mood);
      break;
    case 'gesture':
      actions.gesture(action.gesture);
      break;
    case 'volume':
      actions.volumeBy(action.by);
      break;
    case 'stop':
      actions.stop();
      break;
    case 'straight':
      actions.straight();
      break;
    case 'turn':
    case 'help':
    case 'leave':
      break;
  }
}
