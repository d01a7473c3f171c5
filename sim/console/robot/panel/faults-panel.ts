import { h } from '../../../../agent/pages/shared/dom.ts';
import { GOOD_NETWORK } from '../../../network/bad-link.ts';
import type { FaultName } from '../../../world/schema.ts';
import type { NetworkSetting, ProcessName, Scene, SimStatus } from '../../messages.ts';
import type { Ask } from '../model/world-link.ts';
import type { PlainKey, Say } from '../words/dictionaries.ts';

const GROUPS: readonly (readonly [PlainKey, readonly FaultName[]])[] = [
  ['groupHead', ['panStall', 'tiltStall', 'panEncoderLost', 'tiltEncoderLost', 'i2cErrors']],
  [
    'groupDevices',
    ['cameraUnplugged', 'microphoneUnplugged', 'speakerUnplugged', 'teacherButtonLost'],
  ],
  ['groupPower', ['batteryLow', 'batteryEmpty', 'hot']],
];

/** Switches that break things, and mend them. What they show is what is, not what was pressed. */
export class FaultsPanel {
  readonly element: HTMLElement;
  private readonly faults = new Map<FaultName, HTMLInputElement>();
  private readonly charger: HTMLInputElement;
  private readonly broker: HTMLInputElement;
  private readonly network: HTMLSelectElement;

  constructor(
    private readonly say: Say,
    private readonly ask: (command: Ask) => void,
  ) {
    this.charger = this.toggle('charger', (on) => ({ kind: 'charger', plugged: on }));
    this.broker = this.toggle('brokerGone', (on) => ({ kind: 'broker', up: !on }));
    this.network = this.networkSelect();
    const mend = h('button', { type: 'button', class: 'button', id: 'mend-all' }, say('mendAll'));
    mend.addEventListener('click', () => this.mendAll());
    this.element = h(
      'section',
      { id: 'faults', class: 'card', 'aria-labelledby': 'faults-title' },
      h('h2', { id: 'faults-title' }, say('faultsTitle')),
      h('p', { class: 'soft' }, say('faultsHint')),
      ...GROUPS.map(([title, names]) => this.group(title, names)),
      this.systemGroup(),
      mend,
    );
  }

  showScene({ world }: Scene): void {
    for (const [name, box] of this.faults) box.checked = world.faults.includes(name);
    this.charger.checked = world.battery.charging;
  }

  showStatus({ broker, network }: SimStatus): void {
    this.broker.checked = !broker.up;
    this.network.disabled = network.unavailable !== null;
    // Not under the hand of somebody who is choosing.
    if (document.activeElement !== this.network)
      this.network.value = networkOf(network.setting)?.name ?? '';
  }

  private group(title: PlainKey, names: readonly FaultName[]): HTMLElement {
    const rows = names.map((name) => {
      const box = this.toggle(name, (on) => ({ kind: 'fault', name, on }));
      this.faults.set(name, box);
      return switchRow(box, this.say(name));
    });
    if (title === 'groupPower') rows.push(switchRow(this.charger, this.say('charger')));
    return h('fieldset', {}, h('legend', {}, this.say(title)), ...rows);
  }

  private systemGroup(): HTMLElement {
    const hint = h('p', { class: 'soft hint', id: 'network-hint' }, this.say('networkHint'));
    return h(
      'fieldset',
      {},
      h('legend', {}, this.say('groupProcesses')),
      switchRow(this.broker, this.say('brokerGone')),
      h(
        'div',
        { class: 'pair-of-buttons' },
        this.killButton('agent', 'killAgent'),
        this.killButton('media', 'killMedia'),
        this.killButton('firmware', 'killFirmware'),
      ),
      h('label', { class: 'field', for: 'network' }, this.say('networkChoice'), this.network),
      hint,
    );
  }

  private toggle(name: string, command: (on: boolean) => Ask): HTMLInputElement {
    const box = h('input', {
      type: 'checkbox',
      role: 'switch',
      id: `fault-${name}`,
      'data-fault': name,
    });
    box.addEventListener('change', () => this.ask(command(box.checked)));
    return box;
  }

  private killButton(process: ProcessName, word: PlainKey): HTMLElement {
    const button = h(
      'button',
      { type: 'button', class: 'button', id: `kill-${process}` },
      this.say(word),
    );
    button.addEventListener('click', () => this.ask({ kind: 'kill', process }));
    return button;
  }

  private networkSelect(): HTMLSelectElement {
    const select = h('select', {
      class: 'select',
      id: 'network',
      'aria-describedby': 'network-hint',
    });
    for (const { name, word } of NETWORKS)
      select.append(h('option', { value: name }, this.say(word)));
    select.addEventListener('change', () => {
      const chosen = NETWORKS.find(({ name }) => name === select.value);
      if (chosen) this.ask({ kind: 'network', setting: chosen.setting });
    });
    return select;
  }

  private mendAll(): void {
    for (const [name, box] of this.faults)
      if (box.checked) this.ask({ kind: 'fault', name, on: false });
    if (this.broker.checked) this.ask({ kind: 'broker', up: true });
    const good = NETWORKS[0];
    if (good && this.network.value !== good.name) {
      this.network.value = good.name;
      this.ask({ kind: 'network', setting: good.setting });
    }
  }
}

function switchRow(box: HTMLInputElement, words: string): HTMLElement {
  return h('label', { class: 'switch' }, box, h('span', {}, words));
}

/** The networks one can put between robot and pupil. */

type NetworkName = 'good' | 'slow' | 'poor' | 'awful';

interface NamedNetwork {
  readonly name: NetworkName;
  readonly word: PlainKey;
  readonly setting: NetworkSetting;
}

export const NETWORKS: readonly NamedNetwork[] = [
  { name: 'good', word: 'networkGood', setting: GOOD_NETWORK },
  { name: 'slow', word: 'networkSlow', setting: { delayMs: 80, lossRatio: 0.02, kbps: 1_500 } },
  { name: 'poor', word: 'networkPoor', setting: { delayMs: 200, lossRatio: 0.05, kbps: 400 } },
  { name: 'awful', word: 'networkAwful', setting: { delayMs: 400, lossRatio: 0.15, kbps: 120 } },
];

/** Undefined for a setting not chosen from this list. */
export function networkOf(setting: NetworkSetting): NamedNetwork | undefined {
  return NETWORKS.find(
    ({ setting: one }) =>
      one.delayMs === setting.delayMs &&
      one.lossRatio === setting.lossRatio &&
      one.kbps === setting.kbps,
  );
}
