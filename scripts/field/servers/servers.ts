/** Servers on the internet: relay, STUN, broker and page; and those in a router. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Clock, delay } from '../../../hal/ports/clock.ts';
import type { Namespaces } from '../net/namespaces.ts';
import { type Host, nameOf, ROUTERS, type RouterName, SERVERS } from '../net/plan.ts';
import { Program } from '../net/program.ts';
import { type Certificates, makeCertificates } from './authority.ts';
import { STUN_LISTENS, stunWords, TURN_LISTENS, turnWords } from './coturn.ts';
import { BROKER_LISTENS, BROKER_PORT, brokerWords } from './mosquitto.ts';

interface ServerPlaces {
  /** Folder of the built pages. */
  readonly pages: string;
  /** The bundles of servers/pages.ts, router.ts and tls-front.ts. */
  readonly bundles: Readonly<Record<'pages' | 'router' | 'tlsFront', string>>;
  /** For files of this run. */
  readonly folder: string;
  readonly logs: string;
}

const READY_MS = 8_000;
const LOOK_MS = 50;

export const PUPIL_PAGE = `https://${nameOf('page')}/pupil/`;

export class Servers {
  private readonly programs: Program[] = [];
  private broker: Program | undefined;
  private readonly brokerWords: string[];

  constructor(
    private readonly clock: Clock,
    private readonly spaces: Namespaces,
    private readonly places: ServerPlaces,
    readonly certificates: Certificates,
    robot: string,
  ) {
    mkdirSync(places.folder, { recursive: true });
    this.brokerWords = brokerWords(places.folder, robot);
  }

  /** Resolves when all of them listen. */
  async open(): Promise<void> {
    const { folder } = this.places;
    this.start('turn', turnWords(this.certificates, folder));
    this.start('stun', stunWords(folder));
    const programs = [this.openPage(), this.openFront(), ...(await this.openRouters())];
    await Promise.all([
      this.startBroker(),
      this.listening([...TURN_LISTENS, ...STUN_LISTENS]),
      ...programs.map((program) => program.says(/serving/, READY_MS)),
    ]);
  }

  /** coturn buffers its log, so the kernel's list of sockets is used. */
  private async listening(addresses: readonly string[]): Promise<void> {
    const untilMs = this.clock.now() + READY_MS;
    for (;;) {
      const listed = this.spaces.exec('internet', ['ss', '-Hltn']);
      const missing = addresses.filter((address) => !listed.includes(`${address} `));
      if (missing.length === 0) return;
      if (this.clock.now() > untilMs) throw new Error(`coturn does not listen on ${missing}`);
      await delay(this.clock, LOOK_MS);
    }
  }

  async startBroker(): Promise<void> {
    this.broker = this.start('broker', this.brokerWords, 'broker');
    await this.broker.says(BROKER_LISTENS, READY_MS);
  }

  /** Like a crash: no orderly shutdown. */
  async killBroker(): Promise<void> {
    await this.broker?.stop('SIGKILL');
  }

  async close(): Promise<void> {
    await Promise.all([this.broker, ...this.programs].map((program) => program?.stop()));
  }

  /** With an untrusted authority's certificates: their portals only block, as real ones do. */
  private async openRouters(): Promise<Program[]> {
    const folder = path.join(this.places.folder, 'portal');
    const { certificate, key } = await makeCertificates(folder, this.clock.wall());
    const words = [process.execPath, this.places.bundles.router, certificate, key];
    const names = Object.keys(ROUTERS) as RouterName[];
    return names.map((name) => this.start(`router-${name}`, words, name));
  }

  private openPage(): Program {
    const { bundles, pages } = this.places;
    const { certificate, key } = this.certificates;
    const words = [process.execPath, bundles.pages, pages, SERVERS.page, certificate, key];
    return this.start('page', words);
  }

  private openFront(): Program {
    const { certificate, key } = this.certificates;
    const words = [process.execPath, this.places.bundles.tlsFront, certificate, key, BROKER_PORT];
    return this.start('tls-front', words, 'broker');
  }

  private start(name: string, words: readonly string[], host: Host = 'internet'): Program {
    const log = path.join(this.places.logs, `${name}.log`);
    const program = Program.start(this.clock, this.spaces, { host, words, log });
    this.programs.push(program);
    return program;
  }
}
