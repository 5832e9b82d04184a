import { coded } from '../../protocol/error-codes.ts';
import type * as itemMethods from '../../protocol/methods/items.ts';
import { repr } from '../../lib/python-text/repr.ts';
import { itemStatus } from '../events/item-status.ts';
import type { ItemStatusParts } from '../events/item-status.ts';
import type { FieldsOf, HandlersOf } from './handlers-of.ts';

export function itemHandlers(parts: ItemStatusParts): HandlersOf<typeof itemMethods> {
  return {
    async item_status(params): Promise<FieldsOf<typeof itemMethods.itemStatus>> {
      const uid = params.orNull('item_uid');
      if (typeof uid === 'string') return await itemStatus(uid, parts);
      throw coded('INVALID_REQUEST', { what: "Parameter 'item_uid'", rule: 'a string', received: repr(uid) });
    },
  };
}
