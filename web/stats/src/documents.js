/** Who looks, and at which portal. */
export const START = `query Start {
  site { name timeZone }
  me { name permissions }
  channels { id name children { id name } }
}`;

const REASONS = 'excluded { reason views }';

/** All that the page draws, in one operation. Only the rows that are drawn have a history, for its cost. */
export const STATS = `query Stats($hours: Int!, $scope: RankingScope, $window: RankingWindow!, $by: RankingBy!) {
  viewStats(hours: $hours) { views ${REASONS} hours { at views ${REASONS} } }
  top: ranking(scope: $scope, window: $window, by: $by, first: 20) {
    window by isFallback
    channel { id name }
    entries {
      rank previousRank isNew views score
      history(unit: HOUR, last: 24) { at views }
      article { id title url channel { name } }
    }
  }
  field: ranking(scope: $scope, window: $window, by: $by, first: 50) {
    entries { rank previousRank isNew views article { id title url } }
  }
}`;
