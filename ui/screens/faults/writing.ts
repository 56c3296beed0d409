// What every part of the editor is given.

import type { FaultRule } from '../../../server/http/contract/types.ts';

export interface Writing {
  readonly draft: FaultRule;
  /** Takes the rule as it shall be. */
  readonly take: (rule: FaultRule) => void;
  /** What is wrong at a field, or within it. */
  readonly wrong: (path: string) => string | undefined;
}
