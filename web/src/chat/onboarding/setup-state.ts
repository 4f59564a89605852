import { computed, signal } from '@preact/signals';
import { server } from '../../connection.ts';

/** What was chosen since the connection was made. */
export const chosenModel = signal<string | undefined>(undefined);
/** The user wants to look around without a model. */
export const isPostponed = signal(false);

export const modelInUse = computed(() => chosenModel.value ?? server.value?.model);

/** There is no language model yet: only fixed rules answer. */
export const isSettingUp = computed(() => modelInUse.value === 'offline' && !isPostponed.value);
