import type { Clock } from '../../../hal/ports/clock.ts';
import { h, setText } from '../shared/dom.ts';
import { type LanguageChoice, type Translate, translator } from '../shared/i18n.ts';
import { InvitationCard } from '../shared/invitation-card.ts';
import { drawFrame, keepShown, OperatorApi, statusCard, statusRow } from '../shared/operator.ts';
import { type DeviceNow, PauseAnswer, StationStatus } from './messages.ts';
import { PauseCard } from './pause-card.ts';
import { type StationKey, type StationWords, stationWords } from './words.ts';

interface StationParts {
  readonly clock: Clock;
  readonly language: LanguageChoice;
  readonly station: StationApi;
  readonly root: HTMLElement;
}

/** The page of the person beside the station: its pause, the invitation, its camera and sound. */
export class StationPage {
  private status: StationStatus | undefined;
  private answered = true;
  private shown = '';
  private readonly rows = h('dl', { id: 'status', class: 'devices' });
  private readonly reach = h('p', { class: 'soft', id: 'reach' });
  private readonly trouble = h('p', { role: 'status', id: 'trouble' });
  private readonly invitation: InvitationCard;
  private readonly pause: PauseCard;
  /** Presses so far: an answer that was asked for before the last one tells of the past. */
  private presses = 0;

  constructor(private readonly parts: StationParts) {
    this.invitation = new InvitationCard(parts.station, undefined);
    const onPress = (pause: boolean): Promise<boolean> => this.press(pause);
    this.pause = new PauseCard({ clock: parts.clock, onPress });
  }

  open(): void {
    keepShown(this.parts, { render: () => this.render(), ask: () => this.ask() });
  }

  private get say(): Translate<StationWords> {
    return translator(stationWords, this.parts.language.current);
  }

  private async ask(): Promise<void> {
    const before = this.presses;
    const status = await this.parts.station.status();
    if (this.presses !== before) return;
    this.answered = status !== undefined;
    this.status = status ?? this.status;
    this.showStatus();
    if (status) await this.invitation.keep(this.parts.language.current);
  }

  /** What the answer says is shown at once; camera and sound follow by the question after it. */
  private async press(pause: boolean): Promise<boolean> {
    const answer = await this.parts.station.pause(pause);
    this.presses += 1;
    if (answer && this.status) this.status = { ...this.status, paused: answer.paused };
    this.showStatus();
    void this.ask();
    return answer !== undefined;
  }

  private render(): void {
    const { say } = this;
    const { root, language } = this.parts;
    document.title = say('title');
    this.shown = '';
    drawFrame(
      { root, language, heading: say('heading') },
      h('p', { class: 'lead' }, say('what')),
      this.pause.render(say),
      this.invitation.render(language.current),
      statusCard(say('status'), this.rows, this.trouble, this.reach),
    );
    this.showStatus();
  }

  private showStatus(): void {
    const { say, status } = this;
    setText(this.trouble, this.answered ? '' : say('unreachable'));
    this.rows.classList.toggle('old', !this.answered);
    if (!status) return;
    const { paused, pausable } = status;
    const pupil = status.life === 'live' || status.life === 'paused';
    this.pause.show({ answered: this.answered, pupil, paused, pausable });
    setText(this.reach, say(status.open ? 'open' : 'closed'));
    // Screen readers and selections keep their place while nothing changes.
    const now = JSON.stringify([status, this.parts.language.current]);
    if (now === this.shown) return;
    this.shown = now;
    this.rows.replaceChildren(
      this.deviceRow('camera', status.camera),
      this.deviceRow('sound', status.sound),
    );
  }

  private deviceRow(part: 'camera' | 'sound', { state, said }: DeviceNow): HTMLElement {
    const { say } = this;
    const language = this.parts.language.current;
    const words: Record<DeviceNow['state'], StationKey> = {
      absent: part === 'camera' ? 'noCamera' : 'noSound',
      broken: part === 'camera' ? 'brokenCamera' : 'brokenSound',
      ready: this.status?.paused ? 'readyPaused' : 'ready',
      on: 'on',
    };
    const details = state === 'absent' ? [] : said.map((one) => one[language]);
    return this.row(part, say(part), say(words[state]), state !== 'broken', details);
  }

  private row(
    part: string,
    name: string,
    value: string,
    well: boolean,
    details: readonly { what: string; todo: string }[],
  ): HTMLElement {
    return statusRow(
      { part, well },
      name,
      value,
      ...details.map(({ what, todo }) =>
        h('dd', { class: 'detail' }, what, todo !== '' && h('span', { class: 'todo' }, ` ${todo}`)),
      ),
    );
  }
}

/** The station's web server as its page asks it. */
export class StationApi extends OperatorApi {
  async status(): Promise<StationStatus | undefined> {
    return StationStatus.safeParse(await this.ask('GET', 'api/status')).data;
  }

  /** Pauses the lesson or goes on with it; undefined: it could not be done. */
  async pause(on: boolean): Promise<PauseAnswer | undefined> {
    return PauseAnswer.safeParse(await this.ask('POST', on ? 'api/pause' : 'api/go-on')).data;
  }
}
