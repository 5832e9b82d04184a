import type { ManagerValues } from './manager-values.ts';
import type { WorkerSettings } from './process-settings.ts';
import { SettingRefused } from './setting.ts';

/**
 * Where documents are published; `null` when neither place is named.
 * @throws SettingRefused when both places are named, an address is none, or the prefix has a space
 */
export function documentsOf(values: ManagerValues): WorkerSettings['documents'] {
  const bind = values.zmqDocumentsAddr.value;
  const proxy = values.zmqDocumentsProxy.value;
  const prefix = values.zmqDocumentsPrefix.value ?? '';
  if (bind !== null && proxy !== null) {
    throw new SettingRefused('Only one of --zmq-documents-addr and --zmq-documents-proxy may be given');
  }
  if (prefix.includes(' ')) {
    throw new SettingRefused(`--zmq-documents-prefix must be without spaces, received '${prefix}'`);
  }
  if (bind === null && proxy === null) return null;
  return {
    // A name is not an address to bind.
    bind: bind === null ? null : addressOf('--zmq-documents-addr', bind).replace('://localhost:', '://127.0.0.1:'),
    proxy: proxy === null ? null : addressOf('--zmq-documents-proxy', proxy),
    prefix,
    encoding: values.zmqDocumentsEncoding.value === 'json' ? 'json' : 'pickle',
  };
}

/** `127.0.0.1:5567` is taken for TCP, as bluesky takes it. */
function addressOf(option: string, address: string): string {
  const whole = address.includes('://') ? address : `tcp://${address}`;
  if (/^(tcp:\/\/[^/\s]+:\d+|ipc:\/\/\S+)$/.test(whole)) return whole;
  throw new SettingRefused(`${option} must be an address such as tcp://127.0.0.1:5567, received '${address}'`);
}
