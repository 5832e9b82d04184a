import { Type } from 'typebox';
import { plansAllowed } from '../protocol/methods/resources.ts';
import { allowedPlansReply, plansIn } from './allowed-plans.ts';
import type { App } from './declaration.ts';
import { paramsOf } from './request-params.ts';

const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const GroupWanted = Type.Object({
  user_group: Type.Optional(Type.String({ description: 'which of the own groups asks' })),
});

/** A workbook to fill in, for the plans that the caller may use. */
export function templateRoute(app: App): void {
  const { spreadsheets } = app.parts;
  // As long as the list of plans is the same, so is the template: it is made once.
  const made = new WeakMap<Buffer, Buffer>();
  app.route({
    method: 'GET',
    url: '/queue/spreadsheet/template',
    config: {
      declared: {
        access: plansAllowed.access.scope,
        summary: 'A workbook to fill in and upload, for the plans that the caller may use.',
        params: GroupWanted,
        result: Type.String({ format: 'binary' }),
        produces: XLSX_TYPE,
      },
    },
    handler: async (request, reply) => {
      const plans = await allowedPlansReply(app, request, paramsOf(request, GroupWanted));
      const workbook = made.get(plans) ?? (await spreadsheets.admit(() => spreadsheets.template(plansIn(plans))));
      made.set(plans, workbook);
      return reply
        .header('content-type', XLSX_TYPE)
        .header('content-disposition', 'attachment; filename="plans.xlsx"')
        .send(workbook);
    },
  });
}
