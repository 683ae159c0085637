import { metadataVerb } from './metadataVerb.ts';

export const annotate = metadataVerb({ field: 'annotations', noun: 'annotation', verb: 'annotate', done: 'annotated' });
