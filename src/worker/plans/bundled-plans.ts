import { adaptiveScan, relAdaptiveScan } from './adaptive-scan.ts';
import { count } from './count.ts';
import { fly } from './fly.ts';
import { gridScan, relGridScan } from './grid-scan.ts';
import { listGridScan, relListGridScan } from './list-grid-scan.ts';
import { listScan, relListScan } from './list-scan.ts';
import { logScan, relLogScan } from './log-scan.ts';
import { mvPlan, mvrPlan, nullPlan } from './moves.ts';
import { rampPlan } from './ramp.ts';
import { innerProductScan, relScan, relativeInnerProductScan, scan, x2xScan } from './scan.ts';
import { scanNd } from './scan-nd.ts';
import { relSpiral, spiral } from './spiral.ts';
import { relSpiralFermat, spiralFermat } from './spiral-fermat.ts';
import { relSpiralSquare, spiralSquare } from './spiral-square.ts';
import { tuneCentroid } from './tune-centroid.ts';
import { tweak } from './tweak.ts';

/** All plans that come with the worker, by the names under which clients know them from bluesky. */
export const bundledPlans = {
  adaptive_scan: adaptiveScan,
  count,
  fly,
  grid_scan: gridScan,
  inner_product_scan: innerProductScan,
  list_grid_scan: listGridScan,
  list_scan: listScan,
  log_scan: logScan,
  mv: mvPlan,
  mvr: mvrPlan,
  null: nullPlan,
  ramp_plan: rampPlan,
  rel_adaptive_scan: relAdaptiveScan,
  rel_grid_scan: relGridScan,
  rel_list_grid_scan: relListGridScan,
  rel_list_scan: relListScan,
  rel_log_scan: relLogScan,
  rel_scan: relScan,
  rel_spiral: relSpiral,
  rel_spiral_fermat: relSpiralFermat,
  rel_spiral_square: relSpiralSquare,
  relative_inner_product_scan: relativeInnerProductScan,
  scan,
  scan_nd: scanNd,
  spiral,
  spiral_fermat: spiralFermat,
  spiral_square: spiralSquare,
  tune_centroid: tuneCentroid,
  tweak,
  x2x_scan: x2xScan,
} as const;
