import type { SettingsTable } from './setting.ts';

/**
 * What `start-re-manager` takes for a worker inside an IPython kernel. Without `--use-ipython-kernel ON` the original reads
 * them and does nothing, but for `--ipython-dir`, in which profiles are looked for; so it is here.
 */
export const IPYTHON_SETTINGS = {
  useIpythonKernel: {
    says: 'Run the worker in an IPython kernel. That needs the Python worker: ON is refused.',
    option: '--use-ipython-kernel <ON|OFF>',
    env: 'QSERVER_USE_IPYTHON_KERNEL',
    file: 'worker/use_ipython_kernel',
    form: 'on-off',
    choices: ['ON', 'OFF'],
    default: 'OFF',
  },
  ipythonDir: {
    says: 'Folder with IPython profiles, among which --startup-profile names one.',
    option: '--ipython-dir <folder>',
    file: 'startup/ipython_dir',
    default: null,
  },
  ipythonMatplotlib: {
    says: 'Matplotlib backend of the IPython kernel.',
    option: '--ipython-matplotlib <backend>',
    file: 'worker/ipython_matplotlib',
    default: null,
  },
  ipythonKernelIp: {
    says: 'Address of the IPython kernel: localhost, auto or an IP address.',
    option: '--ipython-kernel-ip <address>',
    env: 'QSERVER_IPYTHON_KERNEL_IP',
    file: 'worker/ipython_kernel_ip',
    default: 'localhost',
  },
  ipythonConnectionFile: {
    says: 'Connection file of the IPython kernel.',
    option: '--ipython-connection-file <name>',
    env: 'QSERVER_IPYTHON_KERNEL_CONNECTION_FILE',
    file: 'worker/ipython_connection_file',
    default: null,
  },
  ipythonConnectionDir: {
    says: 'Folder with connection files of IPython kernels.',
    option: '--ipython-connection-dir <folder>',
    env: 'QSERVER_IPYTHON_KERNEL_CONNECTION_DIR',
    file: 'worker/ipython_connection_dir',
    default: null,
  },
  ipythonShellPort: port('shell'),
  ipythonIopubPort: port('iopub'),
  ipythonStdinPort: port('stdin'),
  ipythonHbPort: port('hb'),
  ipythonControlPort: port('control'),
} as const satisfies SettingsTable;

function port<const N extends string>(name: N) {
  return {
    says: `Port '${name}' of the IPython kernel.`,
    option: `--ipython-${name}-port <number>`,
    env: `QSERVER_IPYTHON_KERNEL_${name.toUpperCase() as Uppercase<N>}_PORT`,
    file: `worker/ipython_${name}_port`,
    form: 'integer',
    default: null,
  } as const;
}
