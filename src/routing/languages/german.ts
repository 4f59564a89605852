import type { Language } from '../language.ts';

export const german: Language = {
  name: 'de',
  marks:
    'der die das den dem des ein eine einen einem einer und ist sind war waren ich du er sie es wir ihr mir dir mich dich uns nicht mit von zu auf fur im am bei bitte wie was wann wo wer warum wieso welche kannst kann konntest dass wenn nach auch noch schon mal hat habe hast aus einen meine mein meiner meinen dein deine alle zum zur ob um uber heute morgen gestern als sich bis wurdest',
  openers:
    'hallo, hi, hey, moin, servus, bitte, ok, okay, so, und, und dann, dann, jetzt, nun, also, danke, vielen dank, guten morgen, guten tag, guten abend, ja, nein, gut, super, ach, mal, doch, lieber, liebe, alles klar, falls ja, wenn ja, danach, ausserdem',
  please: 'bitte',
  chat: 'danke, vielen dank, guten morgen, guten tag, guten abend, gute nacht, hallo, hi, moin, servus, ich bin, mir geht, mir ist, tschuss, super, toll, schon, haha, entschuldigung, alles gute, prima',
  asks: 'ich habe eine frage, ich hab eine frage, eine frage, kurze frage, frage zu, ich weiss nicht mehr, ich frage mich, ich wusste gern, ich mochte wissen, ich wurde gern wissen, ich will wissen, mich wurde interessieren, mich interessiert, weisst du, wissen sie, denkst du, glaubst du, meinst du, erinnerst du dich, ich verstehe nicht, mir ist nicht klar, keine ahnung, irgendeine idee, gib mir, geben sie mir, nenn mir, nenne mir, unterschied zwischen, bedeutung von, hauptstadt von, hilf mir zu verstehen, ist es moglich',
  frames:
    'kannst du, konntest du, konnen sie, konnten sie, wurdest du, wurden sie, willst du, magst du, mochtest du, kann jemand, konnte jemand, konnt ihr, konntet ihr, ware es moglich, warst du so, waren sie so, kannste, konnen wir, wollen wir, darf ich dich bitten, kann man',
  wishes:
    'ich mochte dass du, ich mochte dass sie, ich will dass du, ich hatte gern dass du, ich wunsche mir dass du, wenn du konntest, wenn sie konnten, wenn du, konntest, du sollst, du musst, denk daran, denk dran, vergiss nicht, ich brauche, ich hatte gern, ich mochte einen, ich mochte eine, ich mochte ein, sorge dafur, sorg dafur, wir mussen, lass uns, lasst uns',
  questions:
    'was, wer, wen, wem, wessen, wo, wohin, woher, wann, warum, wieso, weshalb, weswegen, wie, welche, welcher, welches, welchen, welchem, wieviel, womit, wofur, wozu, worum, wodurch, worin, woran, wovon, seit wann, bis wann, ab wann, in welchem, in welcher, mit wem, an wen, von wem, um wie viel, was ist mit, und was ist mit',
  auxiliaries:
    'ist sind war waren hat habe hast haben hatte gibt gab darf soll sollte sollen muss wird wurde bin bist seid habt kann kommt geht macht stimmt lohnt funktioniert',
  subordinators: 'wenn sobald falls nachdem bevor wahrend bis da weil sofern',
  joints: 'und dann oder aber sowie',
  tells:
    'erklar erlauter beschreib definier verrat empfehl empfiehl vergleich schilder beibring versteh erzahl',
  says: 'sag zeig nenn',
  me: 'mir uns mich',
  acts: 'schick verschick send versend erstell anleg mach losch ander schreib offn such heraussuch raussuch buch umbuch reservier erinner merk leg stell setz trag eintrag fug hinzufug speicher start neustart stopp beend installier lad herunterlad runterlad hochlad kopier verschieb benenn umbenenn raum aufraum ruf anruf plan richt einricht aktualisier fuhr ausfuhr pruf uberpruf check schau nachschau recherchier find hol kauf bestell stornier brich schalt ausschalt einschalt dreh runterdreh hochdreh ubersetz fass zusammenfass korrigier reparier behob beheb fix deploy notier aufschreib entpack pack archivier mail poste veroffentlich bearbeit ersetz verschlussel druck zeichn generier weck bring nimm entfern vereinbar ausmach absag sag weiterleit leit antwort beantwort lies sortier zieh wechsl verbind abonnier kundig zahl bezahl uberweis mal refaktorier teste schneid kurz verkurz formatier exportier importier meld teil gruss berechn sammle beobacht uberwach lass gib trink halt fahr sichr sicher verlanger bereit vorbereit erledig mess',
  endings: '(?:e|en|n|t|et|st|est|le|re|s)?',
  verbLast: true,
  assents:
    'ja mach das, mach das, mach es, mach mal, ja bitte, leg los, los, ja los, nur zu, weiter, mach weiter, nochmal, noch mal, noch einmal, ja gerne, ok mach das, bitte machen, ja bitte mach das',
  labels: 'notiz merke todo erinnerung aufgabe einkaufsliste idee merkzettel',
  own: 'wir mein meine meiner meinen meinem meines unser unsere unserer unseren unserem mama papa oma opa',
  past: 'erinnerst du dich, weisst du noch, habe ich, hatte ich, haben wir, hatten wir, bin ich, war ich, ich gesagt, ich erzahlt, ich notiert, wir gesagt, wir beschlossen, wir vereinbart, wir besprochen, weisst du uber, letztes mal, letzte woche, letzten, gestern, muss ich, schulde ich, schuldet mir, mag ich, wann bin ich, wer ist, wer war, in meinen notizen, kenne ich, wir entschieden, wir uns',
  general:
    'wie funktioniert, wie geht, wie kann, wie macht, wie viele, wie lange, wie wird, wie, warum, wieso, weshalb, was ist ein, was ist eine, was sind, was bedeutet, was heisst, was passiert, gibt es, kann man, ist es, sollte, soll',
  fillers:
    'weisst wissen sagen gesagt erzahlt heisst hiess name nummer heute morgen gestern woche monat jahr letzte letzten nachste machen gemacht gibt geben haben hatte sein wird werden kann soll muss notiz notizen ding dinge etwas alles mehr viel viele sehr gut besser immer nie wieder noch schon mal denn eigentlich genau gerade liegt steht stehen gehen geht',
};
