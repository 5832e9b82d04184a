import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number, extra: Record<string, unknown> = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    // Sources run in Node as they are shipped: no bundler stands between a test and the code.
    pool: 'forks' as const,
    ...extra,
  },
});

export default defineConfig({
  resolve: { conditions: ['beamgate-source'] },
  ssr: { resolve: { conditions: ['beamgate-source'] } },
  test: {
    projects: [
      project('unit', 10_000),
      project('integration', 30_000),
      project('vectors', 60_000),
      project('system', 120_000, { fileParallelism: false }),
    ],
  },
});
