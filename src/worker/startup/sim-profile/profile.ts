import { bundledPlans } from '../../plans/bundled-plans.ts';
import { profileDevices } from './devices.ts';
import { clear_buffer, function_sleep, pop_buffer_element, push_buffer_element } from './functions.ts';
import { profilePlans } from './plans.ts';
import { progressBarsPlan } from './progress-bars.ts';

/** A namespace to run plans in, and what every start document of it says. */
export interface Profile {
  namespace: Readonly<Record<string, unknown>>;
  metadata: Readonly<Record<string, unknown>>;
}

/**
 * The simulated profile of bluesky-queueserver: the same devices, plans and functions by the same names. Each call
 * makes its devices anew.
 */
export function simProfile(): Profile {
  const devices = profileDevices();
  return {
    namespace: {
      ...devices,
      ...bundledPlans,
      ...profilePlans(devices),
      plan_test_progress_bars: progressBarsPlan,
      function_sleep,
      push_buffer_element,
      pop_buffer_element,
      clear_buffer,
    },
    metadata: { metadata_key: 'metadata_value' },
  };
}
