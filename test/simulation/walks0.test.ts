/** Random walks over all workloads, 0 to 49; in files of their own so that workers share them. */
import { testSeeds } from './seeds.ts';

testSeeds(0, 50);
