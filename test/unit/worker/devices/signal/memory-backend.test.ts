import { MemoryBackend } from '../../../../../src/worker/devices/signal/memory-backend.ts';
import { signalBackendContract } from '../../../../contracts/signal-backend.contract.ts';

const open = (source: 'number' | 'enum' | 'read-only'): MemoryBackend => {
  if (source === 'enum') {
    const facts = { dtype: 'string', shape: [], isWritable: true, choices: ['Closed', 'Open'] } as const;
    return new MemoryBackend('soft://shutter', 'Closed', { ...facts, shape: [], choices: [...facts.choices] });
  }
  const facts = { dtype: 'number', shape: [], units: 'mm', precision: 3 } as const;
  return new MemoryBackend('sim://gap', 0, { ...facts, shape: [], isWritable: source === 'number' });
};

signalBackendContract('memory', (body) => body({ open }));
