/**
 * The readings of the panel as rows: a key and a value for tests and tools, words for people. Pure.
 */

import type { ProcessName, ProcessStatus, Scene, SimStatus } from '../../messages.ts';
import { type EyesMeaning, eyesOf, type HandMeaning, type RingMeaning } from '../model/meaning.ts';
import type { PlainKey, Say } from '../words/dictionaries.ts';
import { networkOf } from './faults-panel.ts';

export interface Reading {
  readonly key: string;
  readonly label: PlainKey;
  /** For programs: does not change with the language. */
  readonly value: string;
  readonly text: string;
  /** Something that people should see to. */
  readonly alarm?: boolean;
}

export interface Lamps {
  readonly ring: RingMeaning;
  readonly hand: HandMeaning;
}

export function bodyReadings(say: Say, scene: Scene, lamps: Lamps): Reading[] {
  const { world } = scene;
  const onOff = (key: string, label: PlainKey, on: boolean): Reading => ({
    ...{ key, label, value: on ? 'on' : 'off' },
    text: say(on ? 'on' : 'off'),
  });
  const eyes = eyesOf(world.eyes);
  return [
    angle(say, 'pan', scene),
    angle(say, 'tilt', scene),
    onOff('servos', 'servos', world.servosOn),
    onOff('watch', 'watch', world.cameraRail),
    { key: 'ring', label: 'ring', value: lamps.ring, text: say(RING_WORDS[lamps.ring]) },
    { key: 'hand', label: 'hand', value: lamps.hand, text: say(HAND_WORDS[lamps.hand]) },
    { key: 'eyes', label: 'eyes', value: eyes, text: say(EYES_WORDS[eyes]) },
    onOff('camera', 'camera', world.cameraRail),
    onOff('microphone', 'microphone', world.microphoneRail),
    speaker(say, scene),
    battery(say, scene),
    heat(say, 'computerC', world.computerC, 80),
    heat(say, 'servoC', world.servoC, 65),
  ];
}

export function systemReadings(say: Say, status: SimStatus): Reading[] {
  const process = (name: ProcessName): Reading => {
    const found = status.processes.find((one) => one.name === name);
    return found
      ? processReading(say, found)
      : { key: name, label: name, value: 'stopped', text: say('stopped', { how: '–' }) };
  };
  return [
    life(say, status),
    process('firmware'),
    process('media'),
    process('agent'),
    broker(say, status),
    network(say, status),
  ];
}

function angle(say: Say, axis: 'pan' | 'tilt', { world, commanded }: Scene): Reading {
  const { deg } = world[axis];
  const wanted = commanded && (axis === 'pan' ? commanded.panDeg : commanded.tiltDeg);
  const text =
    wanted !== null && world.servosOn
      ? say('angle', { true: tenths(deg), wanted: tenths(wanted) })
      : say('angleAlone', { true: tenths(deg) });
  return { key: axis, label: axis, value: tenths(deg).toFixed(1), text };
}

/** As a number, so that the words write it with their decimal sign; never minus nought. */
const tenths = (value: number): number => Math.round(value * 10) / 10 + 0;

function speaker(say: Say, { world }: Scene): Reading {
  const percent = Math.round(world.speaking * 100);
  const on = world.amplifier;
  const text = on ? say('speaking', { percent }) : say('off');
  return { key: 'speaker', label: 'speaker', value: on ? String(percent) : 'off', text };
}

function battery(say: Say, { world }: Scene): Reading {
  const percent = Math.round(world.battery.percent);
  const charging = say(world.battery.charging ? 'charging' : 'discharging');
  const volts = tenths(world.battery.volts);
  return {
    ...{ key: 'battery', label: 'battery', value: String(percent), alarm: percent < 20 },
    text: say('batteryValue', { percent, volts, charging }),
  };
}

function heat(say: Say, key: 'computerC' | 'servoC', celsius: number, hot: number): Reading {
  const value = String(Math.round(celsius));
  return { key, label: key, value, text: say('degrees', { value }), alarm: celsius >= hot };
}

const LIFE_WORDS: Readonly<Record<string, PlainKey>> = {
  init: 'lifeInit',
  ready: 'lifeReady',
  live: 'lifeLive',
  paused: 'lifePaused',
  sleeping: 'lifeSleeping',
  updating: 'lifeUpdating',
  disconnected: 'lifeDisconnected',
  lost: 'lifeLost',
};

function life(say: Say, { life: told }: SimStatus): Reading {
  if (!told) return { key: 'life', label: 'life', value: 'none', text: say('lifeNone') };
  const word = LIFE_WORDS[told.state];
  const text = word ? say(word) : say('lifeAlert', { faults: told.faults.join(', ') || '–' });
  const alarm = told.state === 'alert' || told.state === 'lost';
  return { key: 'life', label: 'life', value: told.state, text, alarm };
}

function processReading(say: Say, process: ProcessStatus): Reading {
  const restarts = process.restarts > 0 ? `; ${say('restarts', { count: process.restarts })}` : '';
  return {
    ...{ key: process.name, label: process.name, value: process.state },
    text: stateWords(say, process) + restarts,
    alarm: process.state !== 'running',
  };
}

function stateWords(say: Say, { state, realTime, seconds, lastExit }: ProcessStatus): string {
  const how = lastExit ?? '–';
  switch (state) {
    case 'running':
      return say(realTime ? 'runningRealTime' : 'running', { time: duration(seconds) });
    case 'waiting':
      return say('waiting', { how });
    case 'stopping':
      return say('stopping');
    case 'stopped':
      return say('stopped', { how });
  }
}

function broker(say: Say, { broker: { up } }: SimStatus): Reading {
  const [value, text] = up ? ['up', say('brokerUp')] : ['down', say('brokerDown')];
  return { key: 'broker', label: 'broker', value, text, alarm: !up };
}

function network(say: Say, { network: { setting, carried, dropped } }: SimStatus): Reading {
  const known = networkOf(setting);
  const name = (known ? say(known.word) : say('networkOther')).split(':')[0] ?? '';
  return {
    ...{ key: 'network', label: 'network', value: known?.name ?? 'other' },
    text: say('networkValue', { name, carried, dropped }),
    alarm: known?.name !== 'good',
  };
}

/** `42 s`, `3 min`, `2 h`: as exact as one cares. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3_600)} h`;
}

/** Which phrase says what a light says. */

export const RING_WORDS: Readonly<Record<RingMeaning, PlainKey>> = {
  off: 'ringOff',
  here: 'ringHere',
  listening: 'ringListening',
  paused: 'ringPaused',
  lost: 'ringLost',
  updating: 'ringUpdating',
  fault: 'ringFault',
  pairing: 'ringPairing',
  support: 'ringSupport',
};

export const HAND_WORDS: Readonly<Record<HandMeaning, PlainKey>> = {
  down: 'handDown',
  up: 'handUp',
  seen: 'handSeen',
};

const EYES_WORDS: Readonly<Record<EyesMeaning, PlainKey>> = {
  dark: 'eyesDark',
  shut: 'eyesShut',
  open: 'eyesOpen',
};
