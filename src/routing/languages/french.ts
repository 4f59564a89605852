import type { Language } from '../language.ts';

export const french: Language = {
  name: 'fr',
  marks:
    'le la les l un une des du de d et est sont a au aux en je j tu il elle nous vous on ce c cette ces mon ma mes ton ta tes son sa ses que qu qui quoi ou quand comment pourquoi quel quelle quels quelles ne n pas plus pour avec sur dans par plait te t me m moi se y peux pouvez pourrais as ai suis fait',
  openers:
    'bonjour, salut, bonsoir, coucou, s il te plait, s il vous plait, stp, svp, ok, d accord, alors, et, et puis, puis, ensuite, maintenant, merci, oui, non, bon, super, aussi, enfin, si oui, apres',
  please: 'plait stp svp',
  chat: 'bonjour, salut, bonsoir, coucou, merci, bonne nuit, bonne journee, au revoir, je suis, ca va, super, genial, haha, desole, bravo, felicitations',
  asks: 'j ai une question, une question, petite question, je ne sais plus, je me demande, j aimerais savoir, je voudrais savoir, je veux savoir, je suis curieux, je ne comprends pas, sais tu, savez vous, tu sais, vous savez, crois tu, penses tu, te souviens tu, tu te souviens, une idee, donne moi, donnez moi, dis moi, dites moi, aide moi a comprendre, capitale du, capitale de, difference entre, definition de, parle moi, parlez moi',
  frames:
    'peux tu, pouvez vous, pourrais tu, pourriez vous, est ce que tu peux, est ce que vous pouvez, est ce que tu pourrais, est ce que vous pourriez, tu me, tu m, tu nous, vous me, vous m, tu peux, tu pourrais, vous pouvez, vous pourriez, veux tu, voulez vous, voudrais tu, voudriez vous, quelqu un peut, quelqu un pourrait, on peut, est il possible de, ca te derangerait de, ca vous derangerait de, auriez vous la gentillesse de',
  wishes:
    'il faudrait que tu, il faudrait que vous, il faut que tu, il faut que vous, je veux que tu, je veux que vous, je voudrais que tu, je voudrais que vous, j aimerais que tu, j aimerais que vous, j ai besoin que tu, j ai besoin que vous, j ai besoin d, merci de, merci d, veuillez, n oublie pas, n oubliez pas, assure toi, assurez vous, pense a, pensez a, je voudrais un, je voudrais une, je voudrais reserver, tu dois, vous devez, ce serait bien si tu, ce serait super si tu, si tu pouvais, si vous pouviez, il faut',
  questions:
    'qu est ce, que, qu, qui, quoi, ou, quand, comment, pourquoi, quel, quelle, quels, quelles, lequel, laquelle, combien, d ou, depuis quand, a quelle, a quel, dans quel, dans quelle, avec qui, pour qui, de quoi, c est quoi, et si, c est quand, c est qui, c est ou, sur quel',
  auxiliaries:
    'est es sont etait ai as a avez ont avons suis dois doit devrais devrait devez faut puis peut sera serait faudrait va vas',
  subordinators: 'quand si lorsque des une apres avant pendant tant comme puisque',
  joints: 'et puis ou mais aussi ensuite',
  tells: 'expliqu decri decriv defin clarifi precis recommand conseill suggere compar resum racont compren',
  says: 'di dit dire dites dis donn montr indiqu parl',
  me: 'me moi m nous',
  acts: 'envoi envoy ecri ecriv cre genere ajout met mett mets insere planifi programm organis reserv command achet annul supprim efface effac vide nettoi rang renomm deplac copi enregistr sauvegard telecharg install desinstall modifi chang actualis lanc execut demarr redemarr arret ouvr ferm allum etein eteign baiss augment rappel rappell appell previen previens avert repon repond transfer transmet publi partag invit trouv cherch recherch verifi test corrig repar refactoris remplac convert tradui traduis resum tri fusion deploi deploy archiv decompress extrai imprim jou reveill not retien souvien souviens pay vire prepar reli formatt dessin active desactiv configur connect joi recuper sort pren prend fai fait faire faites fais rempli sign abonn desabonn report decal dis dites continu bloqu suis surveill calcul redig mont branch',
  endings: '(?:e|es|ez|er|s|t|re|ir|ds|dre|dez|rez|ns|nt|is|vez|tre|tez|ons)?',
  verbLast: false,
  assents:
    'oui vas y, vas y, oui fais le, fais le, allez y, oui s il te plait, continue, encore une fois, d accord fais le, ok fais le, oui allez y',
  labels: 'note rappel todo memo tache courses liste idee',
  own: 'nous mon ma mes notre nos mien mienne maman papa mamie papi',
  past: 'j ai, te souviens, vous souvenez, souviens tu, rappelles tu, ai je, est ce que j ai, avons nous, j ai dit, j ai note, j avais, on a decide, nous avons decide, que sais tu, sais tu de, sais tu sur, la derniere fois, la semaine derniere, hier, dois je, qui est, qui etait, dans mes notes, suis je, est ce que je dois, avons decide, on avait',
  general:
    'comment, pourquoi, qu est ce qu un, qu est ce qu une, c est quoi, que signifie, que veut dire, combien de, combien de temps, est ce que c est, y a t il, peut on, faut il, qu est ce que',
  fillers:
    'sais savoir dire dit appelle nom numero aujourd hui demain hier semaine mois annee derniere dernier prochain faire fait avoir etre note notes chose choses quelque tout plus beaucoup bien mieux toujours jamais encore deja exactement trouve quelle heure',
};
