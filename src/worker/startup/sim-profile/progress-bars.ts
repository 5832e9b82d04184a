import type { Plan } from '../../run-engine/messages.ts';
import { sleep } from '../../plans/stubs/waiting.ts';
import { definePlan } from '../define-plan.ts';
import { integer } from '../parameters.ts';

const POINTS = 10;
const SECONDS_A_POINT = 0.5;
const CELLS = 40;

/** Shows progress bars for five seconds, so that a client can be seen to show them, too. */
export const progressBarsPlan = definePlan(
  {
    name: 'plan_test_progress_bars',
    description: 'Test visualization of progress bars.',
    parameters: { n_progress_bars: integer('The number of progress bars to display.', { default: 1 }) },
  },
  function* ({ n_progress_bars: wanted }): Plan<void> {
    const bars = Math.max(wanted, 1);
    process.stdout.write(`TESTING ${bars} PROGRESS BARS ...\n\n`);
    for (let point = 1; point <= POINTS; point += 1) {
      yield* sleep(SECONDS_A_POINT);
      draw(bars, point / POINTS, point * SECONDS_A_POINT);
    }
    process.stdout.write(`${'\n'.repeat(bars)}\nTEST COMPLETED ...\n`);
  },
);

const CURSOR_UP = '\u001B[A';

/** Draws the bars one below the other, and goes back up to where the next drawing covers them. */
function draw(bars: number, fraction: number, elapsed: number): void {
  const done = Math.round(fraction * CELLS);
  const bar = `${'█'.repeat(done)}${' '.repeat(CELLS - done)}`;
  const percent = String(Math.round(fraction * 100)).padStart(3);
  for (let index = 1; index <= bars; index += 1) {
    process.stdout.write(`\rTEST${index}: ${percent}%|${bar}| ${fraction.toFixed(1)}/1 [${elapsed.toFixed(1)} s]\n`);
  }
  process.stdout.write(CURSOR_UP.repeat(bars));
}
