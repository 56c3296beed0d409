// Joins the routes of accounts, mailboxes and entries with what they do.

import * as actions from '../accounts.ts';
import * as routes from '../contract/routes/accounts.ts';
import type { HttpDeps } from '../deps.ts';
import type { Serve } from '../endpoint.ts';
import { mailboxNamed } from '../messages/list.ts';

export function serveAccounts(serve: Serve, deps: HttpDeps): void {
  const { state } = deps.store;
  const mailbox = (params: { account: string; mailbox: string }): ReturnType<typeof mailboxNamed> =>
    mailboxNamed(state, params.account, params.mailbox);

  serve(routes.listAccounts, ({ query }) => actions.accountPage(state, query));
  serve(routes.listMailboxes, ({ params }) => {
    const items = actions.mailboxesOf(actions.accountNamed(state, params.account));
    return { items, next: null, total: items.length };
  });
  serve(routes.createMailbox, ({ params, body }) => actions.createMailbox(deps, params.account, body.name));
  serve(routes.renameMailbox, ({ params, body }) => actions.renameMailbox(deps, mailbox(params), body.name));
  serve(routes.deleteMailbox, ({ params }) => actions.deleteMailbox(deps, mailbox(params)));
  serve(routes.listEntries, ({ params, query }) => actions.entryPage(mailbox(params), query));
  serve(routes.changeEntries, ({ params, body }) => actions.setFlags(deps, mailbox(params), body));
  serve(routes.addEntries, async ({ params, query, body, raw, context }) => {
    if (!raw) return actions.place(deps, mailbox(params), body);
    const target = await actions.mailboxToFill(deps, params.account, params.mailbox);
    return actions.append(deps, target, raw, query.flag ?? [], context.get('peer').client);
  });
  serve(routes.removeEntries, ({ params, body }) => actions.removeEntries(deps, mailbox(params), body.uids));
}
