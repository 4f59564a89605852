import { t } from '../i18n.ts';

/** What a tool can do, in plain words. */
export function powerName(power: string): string {
  switch (power) {
    case 'reads-private':
      return t('reads what is yours');
    case 'sends':
      return t('sends out');
    case 'changes':
      return t('changes things');
    case 'spends':
      return t('spends money');
    case 'runs-code':
      return t('runs code');
    default:
      return power;
  }
}
