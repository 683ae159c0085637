/** Random walks over all workloads, 50 to 99; in files of their own so that workers share them. */
import { testSeeds } from './seeds.ts';

testSeeds(50, 100);
