import type { PyValue } from '../../lib/python-text/py-value.ts';
import type { ParamsOf } from '../../protocol/methods/define-method.ts';
import type { AnyMethod, MethodName } from '../../protocol/methods/index.ts';
import { destination, itemAddress, mustHaveDestination } from './item-address.ts';
import { integerOrText } from './integer.ts';
import { fileText, functionCall, instruction, mode, plan } from './values.ts';
import type { Item } from './values.ts';
import type { Words } from './words.ts';

/** What is added to every request whose method takes it, so that no command has to name it. */
export type AddedParam = 'user' | 'user_group' | 'lock_key';

type MethodOf<N> = Extract<AnyMethod, { name: N }>;
type Params<N> = {
  readonly [P in Exclude<keyof ParamsOf<MethodOf<N>>, AddedParam>]?: PyValue | undefined;
};

/** One thing that can be asked: the words that name it, and how what follows them becomes the method's parameters. */
export interface QserverCommand {
  readonly words: string;
  /** What follows the words, for people. */
  readonly takes: string;
  readonly method: MethodName;
  readonly read: (words: Words) => ReadParams | Promise<ReadParams>;
}
export type ReadParams = Readonly<Record<string, PyValue | undefined>>;

const command = <const N extends MethodName>(
  words: string,
  method: N,
  takes = '',
  read: (words: Words) => Params<N> | Promise<Params<N>> = () => ({}),
): QserverCommand => ({ words, takes, method, read });

const flag = (given: ReadonlySet<string>, name: string): true | undefined => given.has(name) || undefined;

/** All that `qserver` can be asked. `monitor` asks again and again. */
export const COMMANDS: readonly QserverCommand[] = [
  command('monitor', 'ping'),
  command('ping', 'ping'),
  command('status', 'status'),
  command('config', 'config_get'),

  command('environment open', 'environment_open'),
  command('environment close', 'environment_close'),
  command('environment destroy', 'environment_destroy'),
  command('environment update', 'environment_update', '[background]', (words) => ({
    run_in_background: flag(words.takeFlags(['background']), 'background'),
  })),

  command('existing plans', 'plans_existing'),
  command('existing devices', 'devices_existing'),
  command('allowed plans', 'plans_allowed'),
  command('allowed devices', 'devices_allowed'),
  command('permissions reload', 'permissions_reload', '[lists]', (words) => ({
    restore_plans_devices: flag(words.takeFlags(['lists']), 'lists'),
  })),
  command('permissions set', 'permissions_set', '<file>', async (words) => {
    const text = fileText(words, 'the user group permissions');
    const { permissions } = await import('./permissions.ts');
    return { user_group_permissions: permissions(text) };
  }),
  command('permissions get', 'permissions_get'),

  command('queue add plan', 'queue_item_add', '[<place>] <plan>', (words) => ({
    ...destination(words, 'pos'),
    item: plan(words),
  })),
  command('queue add instruction', 'queue_item_add', '[<place>] <instruction>', (words) => ({
    ...destination(words, 'pos'),
    item: instruction(words),
  })),
  command('queue update plan', 'queue_item_update', '<uid> <plan>', (words) => ({
    item: inPlace(words, plan),
    replace: false,
  })),
  command('queue update instruction', 'queue_item_update', '<uid> <instruction>', (words) => ({
    item: inPlace(words, instruction),
    replace: false,
  })),
  command('queue replace plan', 'queue_item_update', '<uid> <plan>', (words) => ({
    item: inPlace(words, plan),
    replace: true,
  })),
  command('queue replace instruction', 'queue_item_update', '<uid> <instruction>', (words) => ({
    item: inPlace(words, instruction),
    replace: true,
  })),
  command('queue execute plan', 'queue_item_execute', '<plan>', (words) => ({ item: plan(words) })),
  command('queue execute instruction', 'queue_item_execute', '<instruction>', (words) => ({
    item: instruction(words),
  })),
  command('queue get', 'queue_get'),
  command('queue clear', 'queue_clear'),
  command('queue item get', 'queue_item_get', '[<item>]', (words) => (words.isAtEnd ? {} : itemAddress(words))),
  command('queue item remove', 'queue_item_remove', '[<item>]', (words) => (words.isAtEnd ? {} : itemAddress(words))),
  command('queue item move', 'queue_item_move', '<item> <place>', (words) => ({
    ...itemAddress(words),
    ...mustHaveDestination(words, 'pos_dest'),
  })),
  command('queue start', 'queue_start'),
  command('queue stop', 'queue_stop'),
  command('queue stop cancel', 'queue_stop_cancel'),
  command('queue autostart enable', 'queue_autostart', '', () => ({ enable: true })),
  command('queue autostart disable', 'queue_autostart', '', () => ({ enable: false })),
  command('queue mode set', 'queue_mode_set', '[<name> <value>]...', (words) => ({ mode: mode(words) })),

  command('re pause', 're_pause', '[deferred|immediate]', (words) => ({
    option: words.takeOneOf(['deferred', 'immediate']) ?? 'deferred',
  })),
  command('re resume', 're_resume'),
  command('re stop', 're_stop'),
  command('re abort', 're_abort'),
  command('re halt', 're_halt'),
  command('re metadata', 're_metadata'),
  command('re runs', 're_runs', '[active|open|closed]', (words) => ({
    option: words.takeOneOf(['active', 'open', 'closed']),
  })),

  command('history get', 'history_get'),
  command('history clear', 'history_clear', '[<size>|<uid>]', (words) => {
    if (words.isAtEnd) return {};
    const kept = integerOrText(words.take('a size or a UID'));
    return typeof kept === 'string' ? { item_uid: kept } : { size: kept };
  }),

  command('function execute', 'function_execute', '<function> [background]', (words) => ({
    item: functionCall(words),
    run_in_background: words.takeFlags(['background']).has('background'),
  })),
  command('script upload', 'script_upload', '<file> [background] [update-re] [keep-lists]', (words) => {
    const script = fileText(words, 'the script');
    const given = words.takeFlags(['background', 'update-re', 'keep-lists']);
    return {
      script,
      run_in_background: given.has('background'),
      update_re: given.has('update-re'),
      update_lists: !given.has('keep-lists'),
    };
  }),
  command('task status', 'task_status', '<uid>', (words) => ({ task_uid: words.take('a UID') })),
  command('task result', 'task_result', '<uid>', (words) => ({ task_uid: words.take('a UID') })),
  command('kernel interrupt', 'kernel_interrupt', '[task] [plan]', (words) => {
    const given = words.takeFlags(['task', 'plan']);
    return { interrupt_task: flag(given, 'task'), interrupt_plan: flag(given, 'plan') };
  }),

  command('lock environment', 'lock', '[<note>]', (words) => ({ environment: true, note: note(words) })),
  command('lock queue', 'lock', '[<note>]', (words) => ({ queue: true, note: note(words) })),
  command('lock all', 'lock', '[<note>]', (words) => ({ environment: true, queue: true, note: note(words) })),
  command('lock info', 'lock_info'),
  command('unlock', 'unlock'),

  command('manager stop', 'manager_stop'),
  command('manager stop safe on', 'manager_stop', '', () => ({ option: 'safe_on' })),
  command('manager stop safe off', 'manager_stop', '', () => ({ option: 'safe_off' })),
  command('manager kill test', 'manager_kill'),
];

/** A word that names what to lock is no note: `lock environment queue` is a slip. */
function note(words: Words): string | undefined {
  const isSlip = ['environment', 'queue', 'all'].includes(words.ahead ?? '');
  return words.isAtEnd || isSlip ? undefined : words.take('a note');
}

/** The UID of the item whose place the new one takes stands before it. */
function inPlace(words: Words, read: (words: Words, members: Item) => Item): Item {
  const uid = words.take('a UID');
  return read(words, { item_uid: uid });
}
