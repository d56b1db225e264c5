import articlePage from '../../tests/operations/ArticlePage.graphql?raw';
import channelPage from '../../tests/operations/ChannelPage.graphql?raw';
import homePage from '../../tests/operations/HomePage.graphql?raw';
import articleText from './examples/ArticleText.graphql?raw';
import clickRanking from './examples/ClickRanking.graphql?raw';
import footer from './examples/Footer.graphql?raw';
import pictureStories from './examples/PictureStories.graphql?raw';
import recommendedNews from './examples/RecommendedNews.graphql?raw';
import relatedArticles from './examples/RelatedArticles.graphql?raw';
import siteNavigation from './examples/SiteNavigation.graphql?raw';
import sourceAndDisclaimer from './examples/SourceAndDisclaimer.graphql?raw';

/** `variables` gets the portal's newest article and its root channels; without it a query has none. */
export const examples = [
  {
    name: 'ArticlePage',
    title: 'Article page',
    chinese: '文章页',
    text: 'Everything on the page of the newest article, in one request.',
    query: articlePage,
    variables: ({ articles }) => ({ by: { id: articles[0]?.id ?? '' } }),
  },
  {
    name: 'HomePage',
    title: 'Home page',
    chinese: '首页',
    text: 'Up to eight channels with ten articles each, the ranking and the picture stories.',
    query: homePage,
    variables: ({ channels }) => ({ channels: channels.slice(0, 8).map(({ id }) => id) }),
  },
  {
    name: 'ChannelPage',
    title: 'Channel page',
    chinese: '频道页',
    text: 'One channel and its articles, page by page.',
    query: channelPage,
    variables: ({ channels }) => ({ by: { slug: channels[0]?.slug ?? '' }, after: null }),
  },
  {
    name: 'SiteNavigation',
    title: 'Site and navigation',
    chinese: '网站与频道导航',
    text: 'Name, slogan and the ordered tree of links to channels, parks, topics and pages.',
    query: siteNavigation,
  },
  {
    name: 'ArticleText',
    title: 'Headline and body',
    chinese: '标题与正文',
    text: 'Title, date, views, summary and body as HTML, plain text and blocks.',
    query: articleText,
  },
  {
    name: 'SourceAndDisclaimer',
    title: 'Source and disclaimer',
    chinese: '来源与免责声明',
    text: 'Where a repost comes from, its licence, and what the page has to say about it.',
    query: sourceAndDisclaimer,
  },
  {
    name: 'RelatedArticles',
    title: 'Related articles',
    chinese: '同类资讯',
    text: 'Eight articles on the same matter, each with the reason why it is there.',
    query: relatedArticles,
  },
  {
    name: 'PictureStories',
    title: 'Picture stories',
    chinese: '推荐图文',
    text: 'The picture stories that editors placed, with covers.',
    query: pictureStories,
  },
  {
    name: 'RecommendedNews',
    title: 'Recommended news',
    chinese: '推荐资讯',
    text: 'The recommended news of each channel; an empty channel takes those of its parent.',
    query: recommendedNews,
  },
  {
    name: 'ClickRanking',
    title: 'Click ranking',
    chinese: '点击排行',
    text: 'What is trending, and the most read articles of the day, the week and the month, with their movement.',
    query: clickRanking,
  },
  {
    name: 'Footer',
    title: 'Footer pages and filing numbers',
    chinese: '底部页面与备案号',
    text: 'About us, contact, privacy and the like, and the ICP and police filing numbers.',
    query: footer,
  },
];
