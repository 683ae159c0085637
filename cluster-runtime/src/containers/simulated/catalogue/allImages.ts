/** The only list of images that have a behaviour here. */
import type { ImageDefinition } from '../images/image.ts';
import { agnhostImage } from './agnhost.ts';
import { alpineImage, busyboxImage, debianImage } from './busybox.ts';
import { curlImage } from './curl.ts';
import { echoserverImage } from './echoserver.ts';
import { guestbookImage } from './guestbook.ts';
import { helloAppImage } from './helloApp.ts';
import { hpaExampleImage, httpdImage } from './httpd.ts';
import { mongoImage } from './mongo.ts';
import { mongoExpressImage } from './mongoExpress.ts';
import { nginxImage } from './nginx.ts';
import { pauseImage } from './pause.ts';
import { perlImage } from './perl.ts';
import { guestbookFollowerImage, guestbookSlaveImage, redisImage } from './redis.ts';
import { goStressImage, stressImage } from './stress.ts';

export const allImages: readonly ImageDefinition[] = [
  agnhostImage,
  alpineImage,
  busyboxImage,
  curlImage,
  debianImage,
  echoserverImage,
  goStressImage,
  guestbookFollowerImage,
  guestbookImage,
  guestbookSlaveImage,
  helloAppImage,
  hpaExampleImage,
  httpdImage,
  mongoExpressImage,
  mongoImage,
  nginxImage,
  pauseImage,
  perlImage,
  redisImage,
  stressImage,
];
