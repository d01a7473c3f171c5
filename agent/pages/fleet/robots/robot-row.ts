/** One robot in the list: a row where there is width, a card on a phone. */
import { h, setText } from '../../shared/dom.ts';
import type { Robot } from '../model/robot.ts';
import { icon } from '../parts/icons.ts';
import { StateMark } from '../parts/state-mark.ts';
import type { Times } from '../parts/times.ts';
import { titleOf, type Ui } from '../parts/ui.ts';
import type { RowView } from './virtual-rows.ts';

export const rowId = (robot: string): string => `row-${robot}`;

interface RobotRowParts {
  readonly ui: Ui;
  readonly times: Times;
  readonly isActive: (robot: Robot) => boolean;
}

export class RobotRow implements RowView<Robot> {
  readonly element = h('div', { role: 'row', class: 'robot-row' });
  private readonly name = h('span', { class: 'robot-name' });
  private readonly under = h('span', { class: 'soft robot-id' });
  private readonly school = h('span', { role: 'gridcell', class: 'robot-school' });
  private readonly mark: StateMark;
  private readonly battery = h('span', {});
  private readonly fill = h('span', { class: 'battery-fill' });
  private readonly seen = h('span', { role: 'gridcell', class: 'robot-seen soft' });

  constructor(private readonly parts: RobotRowParts) {
    this.mark = new StateMark(parts.ui.say);
    const check = h('span', { class: 'check', 'aria-hidden': 'true' }, icon('check') as Node);
    const gauge = h('span', { class: 'battery', 'aria-hidden': 'true' }, this.fill);
    this.element.append(
      h('span', { role: 'gridcell', class: 'robot-check' }, check),
      h('span', { role: 'rowheader', class: 'robot-title' }, this.name, this.under),
      this.school,
      h('span', { role: 'gridcell', class: 'robot-state' }, this.mark.element),
      h('span', { role: 'gridcell', class: 'robot-battery' }, gauge, this.battery),
      this.seen,
    );
  }

  show(robot: Robot, index: number): void {
    const { ui, times, isActive } = this.parts;
    const { say, list, clock } = ui;
    const { element } = this;
    element.id = rowId(robot.id);
    element.dataset.robot = robot.id;
    // The heading of the columns is row 1.
    element.setAttribute('aria-rowindex', String(index + 2));
    element.setAttribute('aria-selected', String(list.isSelected(robot.id)));
    element.classList.toggle('active', isActive(robot));
    setText(this.name, titleOf(robot));
    setText(this.under, robot.name === undefined ? '' : robot.id);
    setText(this.school, ui.schoolName(robot.school));
    this.mark.show(robot);
    const percent = robot.measured?.batteryPercent;
    this.fill.style.width = `${percent ?? 0}%`;
    this.fill.dataset.low = String(percent !== undefined && percent < 20);
    const charging = robot.measured?.charging === true ? `, ${say('charging')}` : '';
    const value = percent === undefined ? undefined : Math.round(percent);
    const charge = value === undefined ? say('batteryUnknown') : say('percent', { value });
    setText(this.battery, charge + charging);
    const { seenMs } = robot;
    setText(this.seen, seenMs === undefined ? say('never') : times.ago(seenMs, clock.wall()));
  }
}
