/** What every part of the page is given. */
import type { Clock } from '../../../../hal/ports/clock.ts';
import { FleetProblem } from '../../../fleet-client/fleet-problem.ts';
import type { Language } from '../../shared/i18n.ts';
import type { Passport } from '../access/passport.ts';
import type { Insight } from '../model/insight.ts';
import type { Robot } from '../model/robot.ts';
import type { RobotList } from '../model/robot-list.ts';
import type { FleetService } from '../service/fleet-service.ts';
import type { Orders } from '../service/orders.ts';
import type { Say } from '../words/dictionaries.ts';

/** Where somebody was in the list: kept while they look at one robot. */
export interface Finding {
  query: string;
  quick: string;
  /** The robot that the keyboard is at. */
  activeId: string | undefined;
  /** Scrolled so far, CSS pixels. */
  topPx: number;
}

export interface Ui {
  readonly say: Say;
  readonly language: Language;
  readonly clock: Clock;
  readonly passport: Passport;
  readonly service: FleetService;
  readonly orders: Orders;
  readonly list: RobotList;
  readonly insight: Insight;
  readonly finding: Finding;
  /** Told to screen readers. */
  readonly announce: (text: string) => void;
  readonly schoolName: (id: string | undefined) => string;
}

/** One of the parts that the page shows, until it closes. */
export interface View {
  readonly element: HTMLElement;
  /** It stands in the page now. */
  opened?(): void;
  /** Robots have changed. */
  update?(): void;
  close?(): void;
}

export const titleOf = ({ name, id }: Pick<Robot, 'name' | 'id'>): string => name ?? id;

/** Why something did not work, for people. */
export function failureText(say: Say, error: unknown): string {
  if (!(error instanceof FleetProblem)) return say('failedAway');
  const { kind, detail } = error;
  switch (kind) {
    case 'forbidden':
      return say('failedForbidden');
    case 'notFound':
      return say('failedNotFound');
    case 'tooMany':
      return say('failedTooMany');
    case 'badLogin':
    case 'badToken':
      return say('failedLogin', { detail });
    case 'unprocessable':
      return say('failedRefused', { detail });
    default:
      return say('failedAway');
  }
}
