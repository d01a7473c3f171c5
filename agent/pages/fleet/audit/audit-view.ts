/** The service's own audit log: who signed in, ordered, imported. */
import { verifyAuditText } from '../../../wire/audit.ts';
import { h } from '../../shared/dom.ts';
import type { Ui, View } from '../parts/ui.ts';
import { AuditPart } from './audit-part.ts';

export function auditView(ui: Ui): View {
  const { say, service, passport } = ui;
  const { fleet, root } = passport;
  const part = new AuditPart(ui, say('fleetAuditTitle'), async () => ({
    verdict: await verifyAuditText(await service.api.fleetAuditText(), { fleet, root }),
  }));
  const element = h(
    'section',
    { class: 'page-part' },
    h('h1', { tabindex: -1 }, say('navAudit')),
    h('p', { class: 'soft' }, say('fleetAuditText')),
    part.element,
  );
  return { element };
}
