/** Random walks over all workloads, 100 to 149; in files of their own so that workers share them. */
import { testSeeds } from './seeds.ts';

testSeeds(100, 150);
