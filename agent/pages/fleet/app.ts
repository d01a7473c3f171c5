/** The page as a whole: who is signed in, which part is shown, and robots as they change. */
import type { Clock } from '../../../hal/ports/clock.ts';
import { Announcer } from '../shared/announcer.ts';
import { h, setText } from '../shared/dom.ts';
import { type LanguageChoice, languageSelect, translator } from '../shared/i18n.ts';
import type { KeptPerson, Keyring } from './access/keyring.ts';
import { type Passport, readPassport } from './access/passport.ts';
import { SignIn } from './access/sign-in.ts';
import { AlertsView } from './alerts/alerts-view.ts';
import { auditView } from './audit/audit-view.ts';
import type { Insight } from './model/insight.ts';
import { type Robot, robotOf } from './model/robot.ts';
import { RobotList } from './model/robot-list.ts';
import { type IconName, icon } from './parts/icons.ts';
import { stateWord } from './parts/state-mark.ts';
import { type Finding, failureText, type Ui, type View } from './parts/ui.ts';
import { RobotView } from './robot/robot-view.ts';
import { changedText, RobotsView } from './robots/robots-view.ts';
import { SchoolsView } from './schools/schools-view.ts';
import type { FleetService } from './service/fleet-service.ts';
import { Orders } from './service/orders.ts';
import { dictionaries, type PlainKey, type Say } from './words/dictionaries.ts';

interface AppParts {
  readonly clock: Clock;
  readonly language: LanguageChoice;
  readonly keyring: Keyring;
  readonly service: FleetService;
  readonly insight: Insight;
  readonly root: HTMLElement;
}

/** News of robots is read out no more often. */
const CALM_MS = 8_000;

const ROLES: Readonly<Record<Passport['role'], PlainKey>> = {
  ...{ central: 'roleCentral', support: 'roleSupport', coordinator: 'roleCoordinator' },
  ...{ teacher: 'roleTeacher', service: 'roleSupport' },
};
const PARTS = ['robots', 'schools', 'alerts', 'audit'] as const satisfies readonly IconName[];
type Part = (typeof PARTS)[number];
const WORDS: Readonly<Record<Part, PlainKey>> = {
  ...{ robots: 'navRobots', schools: 'navSchools', alerts: 'navAlerts', audit: 'navAudit' },
};

export class FleetApp {
  private readonly list = new RobotList();
  private readonly finding: Finding = { query: '', quick: 'all', activeId: undefined, topPx: 0 };
  private readonly announcer: Announcer;
  private readonly away = h('p', { id: 'away', class: 'note warn', role: 'status' });
  private readonly main = h('main', { id: 'main', tabindex: -1 });
  private signedIn: { passport: Passport; orders: Orders } | undefined;
  private listening: { stop: () => void } | undefined;
  private view: View | undefined;
  private readonly schools = new Map<string, string>();
  private readonly changed = new Map<string, Robot>();

  constructor(private readonly parts: AppParts) {
    this.announcer = new Announcer(parts.clock);
  }

  async open(): Promise<void> {
    const { language, keyring, clock } = this.parts;
    language.onChange(() => this.redraw());
    addEventListener('hashchange', () => this.route(true));
    clock.every(CALM_MS, () => this.tellChanges());
    const person = await keyring.person().catch(() => undefined);
    if (!person || person.chain.length === 0) return this.askSignIn(person);
    const read = await readPassport(person.chain, person.signer.jwk, clock.wall());
    const why = read.ok ? await this.enter(person, read.passport) : this.say('grantExpired');
    if (why !== undefined) this.askSignIn(person, why);
  }

  private get say(): Say {
    return translator(dictionaries, this.parts.language.current);
  }

  private askSignIn(person: KeptPerson | undefined, why = ''): void {
    const { keyring, clock } = this.parts;
    const enter = (kept: KeptPerson, passport: Passport) => this.enter(kept, passport);
    const nowMs = (): number => clock.wall();
    const signIn = new SignIn({ say: this.say, keyring, nowMs, enter }, person, why);
    this.signedIn = undefined;
    this.frame();
    this.show({ element: signIn.element });
  }

  /** Resolves with why it did not work. */
  private async enter(person: KeptPerson, passport: Passport): Promise<string | undefined> {
    const { service, clock } = this.parts;
    const { signer } = person;
    try {
      await service.logIn({ passport, signer });
    } catch (error) {
      return failureText(this.say, error);
    }
    const { fleet, root } = passport;
    const orders = new Orders({ api: service.api, fleet, root, clock });
    this.signedIn = { passport, orders };
    this.frame();
    this.main.replaceChildren(h('p', { class: 'soft loading' }, this.say('loading')));
    this.listening?.stop();
    this.listening = service.listen({
      onOpen: () => void this.readAll(),
      onRobot: (row) => this.heard(row),
      onGone: (id) => this.gone(id),
      onAway: () => setText(this.away, this.say('serviceAway')),
    });
    return undefined;
  }

  /** Everything anew, as nobody knows what changed while nobody listened. */
  private async readAll(): Promise<void> {
    const { service } = this.parts;
    try {
      const [rows, schools] = await Promise.all([service.api.robots(), service.api.schools()]);
      for (const { id, name } of schools) this.schools.set(id, name);
      const robots = rows.flatMap((row) => robotOf(row) ?? []);
      this.list.replace(robots);
      this.parts.insight.prepare(robots, this.parts.clock);
      setText(this.away, '');
      if (this.view) this.view.update?.();
      else this.route(false);
    } catch (error) {
      setText(this.away, failureText(this.say, error));
    }
  }

  private heard(row: unknown): void {
    const robot = robotOf(row);
    if (!robot) return;
    const before = this.list.get(robot.id);
    if (before && before.state !== robot.state) this.changed.set(robot.id, robot);
    this.list.put(robot);
    this.view?.update?.();
  }

  private gone(id: string): void {
    this.list.remove(id);
    this.view?.update?.();
  }

  private tellChanges(): void {
    const changed = [...this.changed.values()];
    this.changed.clear();
    const ui = this.ui();
    if (changed.length === 0 || !ui || document.hidden) return;
    this.announcer.say(changedText(ui, changed, ({ state }) => stateWord(ui.say, state)));
  }

  private redraw(): void {
    const focused = document.activeElement?.id;
    if (!this.signedIn) void this.parts.keyring.person().then((person) => this.askSignIn(person));
    else {
      this.frame();
      this.route(false);
    }
    if (focused === 'language') document.getElementById('language')?.focus();
  }

  /** `moved`: somebody went there, and the focus goes with them. */
  private route(moved: boolean): void {
    const ui = this.ui();
    if (!ui) return;
    const [, part = 'robots', id, query = ''] =
      /^#\/(\w+)(?:\/([a-z0-9-]+))?(?:\?(.*))?$/.exec(location.hash) ?? [];
    this.show(this.viewOf(ui, part, id, decodeURIComponent(query)));
    for (const link of document.querySelectorAll<HTMLElement>('nav a'))
      if (link.dataset.part === part) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    if (moved) this.main.querySelector<HTMLElement>('h1')?.focus();
  }

  private viewOf(ui: Ui, part: string, id: string | undefined, query: string): View {
    if (part === 'schools') return new SchoolsView(ui);
    if (part === 'alerts') return new AlertsView(ui);
    if (part === 'audit') return auditView(ui);
    if (id !== undefined) return new RobotView(ui, id);
    if (query !== '') Object.assign(this.finding, { query, quick: 'all', topPx: 0 });
    return new RobotsView(ui);
  }

  private show(view: View): void {
    this.view?.close?.();
    this.view = this.signedIn ? view : undefined;
    this.main.replaceChildren(view.element);
    view.opened?.();
  }

  private ui(): Ui | undefined {
    if (!this.signedIn) return undefined;
    const { clock, language, service, insight } = this.parts;
    const { say, list } = this;
    return {
      ...{ say, language: language.current, clock, service, insight, list, ...this.signedIn },
      finding: this.finding,
      announce: (text) => this.announcer.say(text),
      schoolName: (id) => (id === undefined ? say('noSchool') : (this.schools.get(id) ?? id)),
    };
  }

  private frame(): void {
    const { say, signedIn } = this;
    const { language, root } = this.parts;
    document.title = `Deskmate: ${say('title')}`;
    const skip = h('a', { class: 'skip', href: '#main' }, say('skip'));
    skip.addEventListener('click', (event) => {
      event.preventDefault();
      this.main.focus();
    });
    const top = h('header', { class: 'top' }, h('span', { class: 'wordmark' }, 'Deskmate'));
    if (signedIn) {
      const { name, role } = signedIn.passport;
      top.append(
        this.navigation(signedIn.passport),
        h('span', { class: 'who soft' }, name ?? say(ROLES[role])),
      );
    }
    top.append(languageSelect(language));
    if (signedIn) {
      const out = h('button', { id: 'sign-out', type: 'button', class: 'button' }, say('signOut'));
      out.addEventListener('click', () => void this.leave());
      top.append(out);
    }
    root.replaceChildren(skip, top, this.away, this.main, this.announcer.element);
  }

  private navigation({ role }: Passport): HTMLElement {
    const { say } = this;
    const allowed: readonly Part[] =
      role === 'teacher' ? ['robots', 'schools'] : role === 'central' ? PARTS : PARTS.slice(0, 3);
    const links = allowed.map((part) => {
      const link = h('a', { href: `#/${part}`, 'data-part': part, id: `nav-${part}` });
      link.append(icon(part), h('span', {}, say(WORDS[part])));
      return link;
    });
    return h('nav', { 'aria-label': say('nav') }, ...links);
  }

  /** The key stays; the token is void at once. */
  private async leave(): Promise<void> {
    this.listening?.stop();
    this.view?.close?.();
    this.view = undefined;
    this.list.replace([]);
    await this.parts.service.logOut();
    this.askSignIn(await this.parts.keyring.person().catch(() => undefined));
  }
}
