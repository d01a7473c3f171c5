import { h, setText } from '../../../agent/pages/shared/dom.ts';
import {
  type LanguageChoice,
  type Translate,
  translator,
} from '../../../agent/pages/shared/i18n.ts';
import { InvitationCard } from '../../../agent/pages/shared/invitation-card.ts';
import {
  drawFrame,
  keepShown,
  OperatorApi,
  statusCard,
  statusRow,
} from '../../../agent/pages/shared/operator.ts';
import type { Clock } from '../../../hal/ports/clock.ts';
import { type ProcessName, SimStatus } from '../messages.ts';
import { type HomeKey, type HomeWords, homeWords } from './words.ts';

export type { SimStatus };

/** The simulator's web server as its home page asks it. */
export class Simulator extends OperatorApi {
  async status(): Promise<SimStatus | undefined> {
    return SimStatus.safeParse(await this.ask('GET', 'api/status')).data;
  }
}

interface StatusRow {
  readonly what: HomeKey;
  readonly value: HomeKey;
  readonly well: boolean;
}

const LIFE: Readonly<Record<string, HomeKey>> = {
  init: 'lifeInit',
  ready: 'lifeReady',
  live: 'lifeLive',
  paused: 'lifePaused',
  alert: 'lifeAlert',
  sleeping: 'lifeSleeping',
  updating: 'lifeUpdating',
};
const WELL: readonly HomeKey[] = ['lifeReady', 'lifeLive', 'lifePaused', 'lifeSleeping'];

/** Five parts of the simulator in two words each. */
export function statusRows({ life, processes, broker }: SimStatus): StatusRow[] {
  const robot = LIFE[life?.state ?? ''] ?? 'lifeAway';
  const process = (what: ProcessName): StatusRow => {
    const running = processes.some((one) => one.name === what && one.state === 'running');
    return { what, value: running ? 'running' : 'restarting', well: running };
  };
  return [
    { what: 'robotName', value: robot, well: WELL.includes(robot) },
    process('firmware'),
    process('media'),
    process('agent'),
    { what: 'broker', value: broker.up ? 'up' : 'down', well: broker.up },
  ];
}

interface HomeParts {
  readonly clock: Clock;
  readonly language: LanguageChoice;
  readonly simulator: Simulator;
  readonly root: HTMLElement;
}

/** The page at `/`: what this is, the two doors, the invitation, and how the simulator is doing. */
export class HomePage {
  private status: SimStatus | undefined;
  private answered = true;
  private readonly list = h('dl', { id: 'status', class: 'status' });
  private readonly trouble = h('p', { role: 'status', id: 'trouble' });
  private readonly invitation: InvitationCard;

  constructor(private readonly parts: HomeParts) {
    this.invitation = new InvitationCard(parts.simulator, `${parts.simulator.base}robot/`);
  }

  open(): void {
    keepShown(this.parts, { render: () => this.render(), ask: () => this.ask() });
  }

  private get say(): Translate<HomeWords> {
    return translator(homeWords, this.parts.language.current);
  }

  private async ask(): Promise<void> {
    const status = await this.parts.simulator.status();
    this.answered = status !== undefined;
    this.status = status ?? this.status;
    this.showStatus();
    if (status) await this.invitation.keep(this.parts.language.current);
  }

  private render(): void {
    const { say } = this;
    const { root, language } = this.parts;
    document.title = say('title');
    drawFrame(
      { root, language, heading: say('heading') },
      h('p', { class: 'lead' }, `${say('what')} ${say('here')} ${say('todo')}`),
      this.invitation.render(language.current),
      statusCard(say('status'), this.list, this.trouble),
    );
    this.showStatus();
  }

  private showStatus(): void {
    const { say } = this;
    setText(this.trouble, this.answered ? '' : say('unreachable'));
    this.list.classList.toggle('old', !this.answered);
    if (!this.status) return;
    const { robot } = this.status;
    const rows = statusRows(this.status).map(({ what, value, well }) => {
      const name = what === 'robotName' ? `${say(what)} ${robot}` : say(what);
      return statusRow({ part: what, well }, name, say(value));
    });
    this.list.replaceChildren(...rows);
  }
}
