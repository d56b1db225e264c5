// The operations of the desk. What a screen shows stands in one place, so that a step's answer can take the place of what was
// loaded before.

const MEDIA = 'id url width height alt credit';

const CONTENT = `
  title subtitle summary slug language tags sourceUrl canonicalUrl embargoUntil
  pages { title html }
  channel { id name } channels { id name } topics { id title } authors { id name } source { id name }
  cover { ${MEDIA} } gallery { caption media { ${MEDIA} } }
  attachments { name url mimeType sizeBytes }
  related { id title } unrelated { id title }`;

const ROW =
  'id title state isLive version changedBy changedAt publishAt unpublishAt channel { id name } heldBy { word }';

const MANUSCRIPT = `
  id title state isLive version steps head live note createdBy changedBy changedAt publishAt unpublishAt
  heldBy { field start length word note }
  article { url }
  content { ${CONTENT} }`;

const USER_ERRORS = `userErrors {
  code field message
  conflict { changedBy changedAt version }
  word { field start length word note }
}`;

export const DESK = `query Desk {
  site { name timeZone language url topics { id title } sources { id name } }
  me { name role permissions }
}`;

/** Three levels, as navigation has them; apart from the rest for its cost. */
export const CHANNELS = `query Channels {
  channels { id name children { id name children { id name } } }
}`;

/** There is no list of all authors: those of the newest articles are offered. */
export const RECENT_AUTHORS = `query RecentAuthors {
  articles(first: 100) { nodes { authors { id name } } }
}`;

export const COUNTS = 'query Counts { manuscriptCounts { state count } }';

export const LIST = `query List($filter: ManuscriptFilter, $after: String) {
  manuscripts(filter: $filter, first: 30, after: $after) {
    nodes { ${ROW} }
    pageInfo { endCursor hasNextPage }
  }
}`;

export const OPEN = `query Open($id: ID!) { manuscript(id: $id) { ${MANUSCRIPT} } }`;

export const DUPLICATES = `query Duplicates($id: ID!) {
  manuscript(id: $id) { duplicates { likeness onlyHere onlyThere article { id title } } }
}`;

export const CREATE = `mutation Create($input: CreateArticleInput!) {
  createArticle(input: $input) { manuscript { ${MANUSCRIPT} } ${USER_ERRORS} }
}`;

export const PREVIEW = `query Preview($id: ID!) {
  manuscript(id: $id) {
    version
    preview {
      title subtitle summary summaryIsExcerpt language publishedAt significantlyUpdatedAt disclaimer
      breadcrumbs { name }
      authors { name }
      source { name attribution url }
      cover { ${MEDIA} }
      body { pages { title html } }
      gallery { caption media { ${MEDIA} } }
      attachments { name url sizeBytes }
      tags { name }
      corrections { at note }
      related(first: 5) { article { title } }
    }
  }
}`;

export const HISTORY = `query History($id: ID!, $before: Int) {
  manuscript(id: $id) {
    head live version steps
    revisions(first: 30, before: $before) { number at by origin }
  }
}`;

export const DIFF = `query Diff($id: ID!, $from: Int!, $to: Int!) {
  manuscript(id: $id) { diff(from: $from, to: $to) { field before after } }
}`;

export const FIND_ARTICLES = `query FindArticles($title: String!) {
  manuscripts(filter: { title: $title }, first: 12) { nodes { id title state isLive changedAt } }
}`;

export const FIND_ARTICLE = `query FindArticle($by: ArticleBy!) {
  article(by: $by) { id title state modifiedAt }
}`;

export const FIND_MEDIA = `query FindMedia($id: ID!) {
  node(id: $id) { ... on Media { ${MEDIA} } ... on Article { cover { ${MEDIA} } } }
}`;

export const CREATE_MEDIA = `mutation CreateMedia($input: CreateMediaInput!) {
  createMedia(input: $input) { media { ${MEDIA} } ${USER_ERRORS} }
}`;

export const CREATE_AUTHOR = `mutation CreateAuthor($input: CreateAuthorInput!) {
  createAuthor(input: $input) { author { id name } ${USER_ERRORS} }
}`;

export const WITHDRAW = `mutation Withdraw($input: WithdrawArticleInput!) {
  withdrawArticle(input: $input) { withdrawal { withdrawnAt } ${USER_ERRORS} }
}`;

export const RESTORE = `mutation Restore($input: RestoreArticleInput!) {
  restoreArticle(input: $input) { articleId ${USER_ERRORS} }
}`;

export const WITHDRAWAL_REPORT = `query WithdrawalReport($id: ID!) {
  withdrawalReport(id: $id) {
    withdrawal { withdrawnAt notice }
    reason withdrawnBy checkedAt isConfirmed
    surfaces { surface had shown isConfirmed }
    fetchedBy { key lastAt }
  }
}`;

export const WORDS = 'query Words { sensitiveWords { word action replacement note } }';

export const PUT_WORD = `mutation PutWord($input: PutSensitiveWordInput!) {
  putSensitiveWord(input: $input) { sensitiveWord { word } ${USER_ERRORS} }
}`;

export const REMOVE_WORD = `mutation RemoveWord($input: RemoveSensitiveWordInput!) {
  removeSensitiveWord(input: $input) { sensitiveWord { word } ${USER_ERRORS} }
}`;

const SLOT = 'slot channel { id name } items { label startsAt endsAt article { id title state } }';

export const SLOTS = `query Slots { placementSlots { ${SLOT} } }`;

export const SET_SLOT = `mutation SetSlot($input: SetPlacementInput!) {
  setPlacement(input: $input) { ${USER_ERRORS} }
}`;

const TAKEDOWN = 'id state address name contact claim note createdAt closedAt closedBy article { id title state url }';

export const TAKEDOWNS = `query Takedowns($states: [TakedownState!], $after: String) {
  takedowns(states: $states, first: 20, after: $after) {
    nodes { ${TAKEDOWN} }
    pageInfo { endCursor hasNextPage }
  }
}`;

export const CLOSE_TAKEDOWN = `mutation CloseTakedown($input: CloseTakedownInput!) {
  closeTakedown(input: $input) { takedown { id state } ${USER_ERRORS} }
}`;

/** The mutations that take a step and answer with the manuscript, and the types of their inputs. */
const STEP_MUTATIONS = {
  UPDATE: ['updateArticle', 'UpdateArticleInput'],
  SUBMIT: ['submitArticle', 'ArticleStepInput'],
  RECALL: ['recallArticle', 'ArticleStepInput'],
  APPROVE: ['approveArticle', 'ArticleStepInput'],
  REJECT: ['rejectArticle', 'RejectArticleInput'],
  SCHEDULE: ['scheduleArticle', 'ScheduleArticleInput'],
  UNSCHEDULE: ['unscheduleArticle', 'ArticleStepInput'],
  PUBLISH: ['publishArticle', 'PublishArticleInput'],
  DISCARD: ['discardArticleDraft', 'ArticleStepInput'],
  LIMIT: ['limitArticle', 'LimitArticleInput'],
  UNPUBLISH: ['unpublishArticle', 'ArticleStepInput'],
  ARCHIVE: ['archiveArticle', 'ArticleStepInput'],
  REOPEN: ['reopenArticle', 'ArticleStepInput'],
  RESTORE_REVISION: ['restoreRevision', 'RestoreRevisionInput'],
};

/** The operation that takes a step; its payload is called `step`. */
export function stepDocument(step) {
  const [field, input] = STEP_MUTATIONS[step];
  return `mutation Step($input: ${input}!) {
    step: ${field}(input: $input) { manuscript { ${MANUSCRIPT} } ${USER_ERRORS} }
  }`;
}
