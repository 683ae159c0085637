/** The only list of images that have a behaviour here. */
import type { ImageDefinition } from '../images/image.ts';
import { alpineImage, busyboxImage, debianImage } from './busybox.ts';
import { curlImage } from './curl.ts';
import { echoserverImage } from './echoserver.ts';
import { nginxImage } from './nginx.ts';
import { pauseImage } from './pause.ts';

export const allImages: readonly ImageDefinition[] = [alpineImage, busyboxImage, curlImage, debianImage, echoserverImage, nginxImage, pauseImage];
