/**
 * The images that have a behaviour in the playground: their names, the tags that exist, the ports they listen on and one line
 * of what they do. Programs and files are the cluster's; this is what editors and people are told.
 */
import type { TagRules } from './tagRules.ts';

export interface ImageDescription {
  /** Full names without tag: `docker.io/library/nginx`. */
  readonly repositories: readonly string[];
  /** One line for people: what a container of this image does here. */
  readonly about: string;
  readonly tags: TagRules;
  readonly ports: readonly number[];
}

export const imageDescriptions = {
  agnhost: {
    repositories: ['registry.k8s.io/e2e-test-images/agnhost', 'k8s.gcr.io/e2e-test-images/agnhost'],
    about: 'a bag of test servers: netexec, serve-hostname, liveness, pause, test-webserver, connect',
    tags: { named: [], versions: { 2: [6, 60] } },
    ports: [],
  },
  busybox: {
    repositories: [
      'docker.io/library/busybox',
      'registry.k8s.io/busybox',
      'registry.k8s.io/e2e-test-images/busybox',
      'k8s.gcr.io/busybox',
      'gcr.io/google_containers/busybox',
      'quay.io/prometheus/busybox',
      'public.ecr.aws/docker/library/busybox',
    ],
    about: 'runs shell scripts and small tools: sh, wget, nslookup, nc, tar …',
    tags: {
      named: ['latest', 'stable', 'unstable', 'glibc', 'musl', 'uclibc'],
      versions: { 1: [0, 37] },
      suffixes: ['-glibc', '-musl', '-uclibc', '-1', '-2', '-4'],
    },
    ports: [],
  },
  alpine: {
    repositories: ['docker.io/library/alpine', 'public.ecr.aws/docker/library/alpine'],
    about: 'runs shell scripts and small tools, as busybox does',
    tags: { named: ['latest', 'edge'], versions: { 2: [6, 7], 3: [1, 22] } },
    ports: [],
  },
  debian: {
    repositories: ['docker.io/library/debian', 'docker.io/library/ubuntu'],
    about: 'runs bash scripts and the usual text tools',
    tags: {
      named: [
        'latest',
        'stable',
        'stable-slim',
        'bookworm',
        'bookworm-slim',
        'bullseye',
        'bullseye-slim',
        'trixie',
        'trixie-slim',
        'noble',
        'jammy',
        'focal',
      ],
      versions: { 10: [0, 13], 11: [0, 11], 12: [0, 12], 13: [0, 1], 18: [4, 4], 20: [4, 4], 22: [4, 4], 24: [4, 4] },
      suffixes: ['-slim'],
    },
    ports: [],
  },
  curl: {
    repositories: ['docker.io/curlimages/curl', 'quay.io/curl/curl', 'docker.io/radial/busyboxplus'],
    about: 'runs curl against the services of the cluster',
    tags: { named: ['latest', 'curl'], versions: { 7: [60, 88], 8: [0, 16] } },
    ports: [],
  },
  echoserver: {
    repositories: [
      'registry.k8s.io/echoserver',
      'k8s.gcr.io/echoserver',
      'gcr.io/google_containers/echoserver',
      'registry.k8s.io/e2e-test-images/echoserver',
    ],
    about: 'answers every request on port 8080 with the details of that request',
    tags: { named: [], versions: { 1: [0, 10], 2: [0, 5] } },
    ports: [8080],
  },
  guestbook: {
    repositories: [
      'gcr.io/google_samples/gb-frontend',
      'gcr.io/google-samples/gb-frontend',
      'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend',
    ],
    about: 'a guestbook page on port 80 that keeps its messages in Redis',
    tags: { named: [], numbered: [1, 6] },
    ports: [80],
  },
  helloApp: {
    repositories: [
      'gcr.io/google-samples/hello-app',
      'us-docker.pkg.dev/google-samples/containers/gke/hello-app',
      'gcr.io/google-samples/hello-go',
    ],
    about: 'says hello on port 8080, with its version and the name of its pod',
    tags: { named: [], versions: { 1: [0, 0], 2: [0, 0] } },
    ports: [8080],
  },
  httpd: {
    repositories: ['docker.io/library/httpd', 'registry.k8s.io/e2e-test-images/httpd', 'public.ecr.aws/docker/library/httpd'],
    about: 'serves the files of /usr/local/apache2/htdocs; logs every request',
    tags: {
      named: ['latest', 'alpine', '2', 'bookworm'],
      versions: { 2: [2, 4] },
      suffixes: ['-alpine', '-bookworm', '-bullseye', '-1', '-2', '-3', '-4'],
    },
    ports: [80],
  },
  hpaExample: {
    repositories: ['registry.k8s.io/hpa-example', 'k8s.gcr.io/hpa-example'],
    about: 'answers "OK!" and uses processor time for it, to be autoscaled',
    tags: { named: ['latest'] },
    ports: [80],
  },
  mongo: {
    repositories: ['docker.io/library/mongo', 'public.ecr.aws/docker/library/mongo'],
    about: 'keeps documents, speaks MongoDB’s protocol, asks for the root user and password it was given',
    tags: {
      named: ['latest', 'noble', 'jammy', 'focal'],
      versions: { 3: [2, 6], 4: [0, 4], 5: [0, 0], 6: [0, 0], 7: [0, 0], 8: [0, 2] },
      suffixes: ['-noble', '-jammy', '-focal', '-bionic', '-xenial'],
    },
    ports: [27017],
  },
  mongoExpress: {
    repositories: ['docker.io/library/mongo-express'],
    about: 'shows the databases of a MongoDB server on port 8081, after proving user and password to it',
    tags: {
      named: ['latest'],
      versions: { 0: [30, 54], 1: [0, 0] },
      suffixes: ['-alpine', '-20-alpine3.18', '-18-alpine3.18', '-alpha'],
    },
    ports: [8081],
  },
  nginx: {
    repositories: [
      'docker.io/library/nginx',
      'public.ecr.aws/nginx/nginx',
      'registry.k8s.io/nginx',
      'registry.k8s.io/nginx-slim',
      'k8s.gcr.io/nginx',
      'registry.k8s.io/e2e-test-images/nginx',
    ],
    about: 'serves files, redirects and proxies as its configuration says; logs every request',
    tags: {
      named: ['latest', 'stable', 'mainline', 'alpine', 'alpine-slim', 'perl', '0.8'],
      versions: { 0: [21, 27], 1: [7, 29] },
      suffixes: ['-alpine-slim', '-alpine-perl', '-alpine', '-perl', '-bookworm', '-bullseye'],
    },
    ports: [80],
  },
  pause: {
    repositories: [
      'registry.k8s.io/pause',
      'k8s.gcr.io/pause',
      'gcr.io/google_containers/pause',
      'registry.k8s.io/e2e-test-images/pause',
    ],
    about: 'does nothing, until it is told to stop',
    tags: { named: ['latest', 'go'], versions: { 0: [8, 8], 1: [0, 0], 2: [0, 0], 3: [0, 10] } },
    ports: [],
  },
  perl: {
    repositories: ['docker.io/library/perl', 'public.ecr.aws/docker/library/perl'],
    about: 'computes pi to as many digits as it is asked for: perl -Mbignum=bpi -wle "print bpi(2000)"',
    tags: {
      named: ['latest', 'stable', 'slim', '5'],
      versions: { 5: [18, 42] },
      suffixes: ['-slim', '-buster', '-bullseye', '-bookworm', '-threaded'],
    },
    ports: [],
  },
  redis: {
    repositories: [
      'docker.io/library/redis',
      'registry.k8s.io/redis',
      'k8s.gcr.io/redis',
      'docker.io/redis/redis-stack-server',
      'public.ecr.aws/docker/library/redis',
    ],
    about: 'keeps data, speaks the Redis protocol, replicates, saves to /data when it stops',
    tags: {
      named: ['latest', 'alpine', 'bookworm', 'e2e', 'buster', 'stable'],
      versions: { 2: [6, 8], 3: [0, 2], 4: [0, 0], 5: [0, 0], 6: [0, 2], 7: [0, 4], 8: [0, 2] },
      suffixes: ['-alpine', '-bookworm', '-bullseye', '-buster', '-m01', '-v0'],
    },
    ports: [6379],
  },
  guestbookFollower: {
    repositories: [
      'gcr.io/google_samples/gb-redis-follower',
      'gcr.io/google-samples/gb-redis-follower',
      'us-docker.pkg.dev/google-samples/containers/gke/gb-redis-follower',
    ],
    about: 'a Redis server that follows the Service redis-leader',
    tags: { named: [], numbered: [1, 3] },
    ports: [6379],
  },
  guestbookSlave: {
    repositories: ['gcr.io/google_samples/gb-redisslave', 'gcr.io/google-samples/gb-redisslave'],
    about: 'a Redis server that follows the Service redis-master',
    tags: { named: [], numbered: [1, 3] },
    ports: [6379],
  },
  stress: {
    repositories: ['docker.io/polinux/stress', 'docker.io/progrium/stress'],
    about: 'counts as using as much processor and memory as it is told: stress --vm 1 --vm-bytes 150M --vm-hang 1',
    tags: { named: ['latest'], versions: { 1: [0, 0] } },
    ports: [],
  },
  goStress: {
    repositories: ['docker.io/vish/stress'],
    about: 'counts as using as much processor and memory as it is told: -cpus 2 -mem-total 150Mi',
    tags: { named: ['latest'] },
    ports: [],
  },
} as const satisfies Readonly<Record<string, ImageDescription>>;
