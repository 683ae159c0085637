/** Random walks over all workloads, 150 to 199; in files of their own so that workers share them. */
import { testSeeds } from './seeds.ts';

testSeeds(150, 200);
