import {
  CircleDollarSign,
  Cpu,
  KeyRound,
  type LucideIcon,
  Palette,
  Plug,
  ShieldCheck,
  SlidersHorizontal,
  UserRound,
} from 'lucide-preact';
import { t } from '../../i18n.ts';

export type SectionId =
  | 'providers'
  | 'budgets'
  | 'permissions'
  | 'secrets'
  | 'tokens'
  | 'profile'
  | 'appearance'
  | 'advanced';

export interface Section {
  readonly id: SectionId;
  readonly title: string;
  /** What is there, in one sentence. */
  readonly about: string;
  readonly icon: LucideIcon;
  /** What else it is looked for by. */
  readonly words: string;
}

/** In the order in which they stand. Made anew for each language. */
export function sections(): readonly Section[] {
  return [
    {
      id: 'providers',
      title: t('Models'),
      about: t('Which language models answer, and the keys for them.'),
      icon: Cpu,
      words: 'provider llm openai anthropic google ollama key thinking test',
    },
    {
      id: 'budgets',
      title: t('Budgets'),
      about: t('What models may cost.'),
      icon: CircleDollarSign,
      words: 'cost money limit day month dollars usage',
    },
    {
      id: 'permissions',
      title: t('Permissions'),
      about: t('What each tool may do without asking, and what was granted.'),
      icon: ShieldCheck,
      words: 'tools grants policy approval allow ask disable',
    },
    {
      id: 'secrets',
      title: t('Secrets'),
      about: t('Keys for tools and models. Their values are never shown.'),
      icon: KeyRound,
      words: 'keys passwords vault master key credentials',
    },
    {
      id: 'tokens',
      title: t('API tokens'),
      about: t('For programs that talk to this assistant.'),
      icon: Plug,
      words: 'bearer openai-compatible programs access revoke',
    },
    {
      id: 'profile',
      title: t('Profile'),
      about: t('What the assistant knows of you.'),
      icon: UserRound,
      words: 'name timezone locale language',
    },
    {
      id: 'appearance',
      title: t('Appearance'),
      about: t('How this page looks, in this browser.'),
      icon: Palette,
      words: 'theme dark light font size motion language',
    },
    {
      id: 'advanced',
      title: t('Advanced'),
      about: t('Every setting, its value, and where that is from.'),
      icon: SlidersHorizontal,
      words: 'configuration config.toml export import all',
    },
  ];
}

/** The section that an address such as `/settings/budgets` names. */
export function sectionAt(path: string): Section | undefined {
  const id = path.split('/')[2];
  return sections().find((section) => section.id === id);
}
