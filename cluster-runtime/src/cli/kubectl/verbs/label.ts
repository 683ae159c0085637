import { metadataVerb } from './metadataVerb.ts';

export const label = metadataVerb({ field: 'labels', noun: 'label', verb: 'label', done: 'labeled' });
