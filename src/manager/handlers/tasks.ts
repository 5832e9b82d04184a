import type * as taskMethods from '../../protocol/methods/tasks.ts';
import { refused, RefusalWith } from '../control/refused.ts';
import { RawText } from '../control/reply.ts';
import type { RequestParams } from '../control/request-params.ts';
import type { Log } from '../log.ts';
import { typeName } from '../../lib/python-text/py-value.ts';
import type { PyJson } from '../../lib/python-text/py-value.ts';
import { str } from '../../lib/python-text/repr.ts';
import { isTrue } from '../../lib/python-text/truth.ts';
import type { Resources } from '../resources/resources.ts';
import { functionText } from '../tasks/function-text.ts';
import type { TaskResults } from '../tasks/task-results.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { HandlersOf } from './handlers-of.ts';
import { NewItems } from './new-items.ts';

interface Parts {
  readonly resources: Pick<Resources, 'permissions'>;
  readonly tasks: TaskResults;
  readonly taskRunner: TaskRunner;
  readonly log: Log;
}

export function taskHandlers({ resources, tasks, taskRunner, log }: Parts): HandlersOf<typeof taskMethods> {
  const newItems = new NewItems(resources);

  return {
    async function_execute(params) {
      const item = newItems.prepared(params, ['function']);
      try {
        const text = functionText(item);
        const inBackground = isTrue(params.view('run_in_background'));
        const task_uid = await taskRunner.start({ kind: 'function', text, uid: item.uid }, inBackground);
        return { item: new RawText(text), task_uid };
      } catch (error) {
        throw new RefusalWith(error as Error, { item: new RawText(item.text) });
      }
    },

    async script_upload(params) {
      log.info('Uploading script to RE environment ...');
      const script = params.orNull('script');
      if (script === null) throw refused("Required 'script' parameter is is missing in API call.");
      if (typeof script !== 'string') throw refused("Type of the 'script' parameter in API call is incorrect.");
      const task_uid = await taskRunner.start(
        {
          kind: 'script',
          text: script,
          update_lists: !params.has('update_lists') || isTrue(params.view('update_lists')),
          update_re: isTrue(params.view('update_re')),
        },
        params.view('run_in_background'),
      );
      return { task_uid };
    },

    task_status(params) {
      const uid = uidIn(params);
      if (typeof uid === 'string') return { task_uid: uid, status: tasks.get(uid).status };
      if (!Array.isArray(uid)) {
        const type = typeName(uid);
        throw refusedWith(`'task_uid' must be a string or a list of strings: type(task_uid)=<class '${type}'>`, params);
      }
      const status = uid.map((one): [string, string] => [str(one), tasks.get(str(one)).status]);
      return { task_uid: new RawText(params.text('task_uid')), status: Object.fromEntries(status) };
    },

    task_result(params) {
      const { status, result } = tasks.get(str(uidIn(params)));
      return { task_uid: new RawText(params.text('task_uid')), status, result: new RawText(result) };
    },
  };
}

type Asked = RequestParams<'task_uid'>;

function uidIn(params: Asked): PyJson {
  const uid = params.orNull('task_uid');
  if (uid === null) throw refused("Required 'task_uid' parameter is missing in the API call.");
  return uid;
}

const refusedWith = (msg: string, params: Asked): RefusalWith =>
  new RefusalWith(msg, { task_uid: new RawText(params.text('task_uid')) });
