import type { Row } from '../row.ts';
import { AnswerView } from './answer-view.tsx';
import { ApprovalView } from './approval-view.tsx';
import { NoteView, NoticeView, ProblemView } from './note-view.tsx';
import { PlanView } from './plan-view.tsx';
import { ToolView } from './tool-view.tsx';
import { UserView } from './user-view.tsx';

/** Draws one row of the transcript. */
export function RowView({ row }: { readonly row: Row }) {
  switch (row.kind) {
    case 'user':
      return <UserView row={row} />;
    case 'answer':
      return <AnswerView row={row} />;
    case 'tool':
      return <ToolView row={row} />;
    case 'approval':
      return <ApprovalView row={row} />;
    case 'plan':
      return <PlanView row={row} />;
    case 'notice':
      return <NoticeView row={row} />;
    case 'note':
      return <NoteView row={row} />;
    case 'problem':
      return <ProblemView row={row} />;
  }
}
