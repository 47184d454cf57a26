// The marks that say whose an object is. The agent removes only what carries its own.

/** Label on every applied object: the instance's random id, 32 hexadecimal digits, never reused. */
export const INSTANCE_LABEL = 'fairlead.dev/instance';

/** Field manager of every server-side apply. */
export const FIELD_MANAGER = 'fairlead';

/** Annotation `disabled`: never prune this object. */
export const PRUNE_ANNOTATION = 'fairlead.dev/prune';

/** Annotation, a whole number: objects are applied in rising order of it. */
export const SYNC_WAVE_ANNOTATION = 'fairlead.dev/sync-wave';

/** Annotation `true`: a change that the API server refuses as immutable may delete and recreate this object. */
export const RECREATE_ANNOTATION = 'fairlead.dev/recreate';
