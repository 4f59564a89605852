export { routeFrom, routeQuestion } from './ask.ts';
export { type Classified, classify } from './classify.ts';
export { fold, wordsIn } from './fold.ts';
export { type Topic, type TopicWord, topicOf } from './topic.ts';
