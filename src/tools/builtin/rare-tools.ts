import type { Clock } from '../../core/clock.ts';
import type { SecretsDesk } from '../../core/secrets.ts';
import type { AskModel } from '../ask-model.ts';
import type { ToolInstaller } from '../installer.ts';
import type { FileScope } from '../path-safety.ts';
import type { ToolRegistry } from '../registry.ts';
import type { Tool } from '../tool.ts';
import { imageAnalyzeTool } from './image-analyze.ts';
import { secretDeleteTool } from './secret-delete.ts';
import { secretListTool } from './secret-list.ts';
import { structuredResultTool } from './structured-result.ts';
import { toolAuthTool } from './tool-auth.ts';
import { toolInfoTool } from './tool-info.ts';
import { toolInstallTool } from './tool-install.ts';
import { toolListTool } from './tool-list.ts';
import { type Permissions, toolPermissionSetTool } from './tool-permission-set.ts';
import { toolRemoveTool } from './tool-remove.ts';
import { toolSearchTool } from './tool-search.ts';

/** What the tools about the assistant itself work on. What is missing, its tools are missing too. */
export interface RareServices {
  /** The registry that the tools become part of, once there is one. */
  readonly registry?: () => ToolRegistry;
  readonly permissions?: () => Permissions;
  readonly secrets?: SecretsDesk;
  readonly installer?: ToolInstaller;
  readonly askModel?: AskModel;
}

/** The tool that finds others, and those that few conversations need (`disclosure/everyday.ts`). */
export function rareTools(
  { registry, permissions, secrets, installer, askModel }: RareServices,
  { clock, files }: { readonly clock: Clock; readonly files: FileScope },
): readonly Tool[] {
  const now = (): number => clock.now();
  return [
    ...(askModel ? [imageAnalyzeTool(files, askModel)] : []),
    ...(secrets ? [secretDeleteTool(secrets), secretListTool(secrets)] : []),
    ...(registry
      ? [structuredResultTool(), toolInfoTool(registry), toolListTool(registry), toolSearchTool(registry)]
      : []),
    ...(registry && permissions ? [toolPermissionSetTool({ registry, permissions, now })] : []),
    ...(installer ? [toolAuthTool(installer), toolInstallTool(files, installer)] : []),
    ...(registry && installer ? [toolRemoveTool(registry, installer)] : []),
  ];
}
