import type { Language } from '../language.ts';

export const italian: Language = {
  name: 'it',
  marks:
    'il lo la i gli le un uno una di del della dei delle e sono a al alla alle ai in nel nella che non per con su mio mia miei mie tuo tua suo sua si mi ti ci vi come quando dove chi perche quale quanto cosa piu anche gia ho hai ha c l d questo questa quello puoi puo potresti sto sta favore da dal dalla se tra',
  openers:
    'mi, ci, ciao, salve, buongiorno, buonasera, ehi, per favore, per piacere, ok, va bene, bene, allora, e, e poi, poi, ora, adesso, grazie, si, no, anche, dunque, quindi, dopo, in tal caso',
  please: 'favore piacere cortesia',
  chat: 'ciao, salve, buongiorno, buonasera, buonanotte, grazie, grazie mille, sono, come stai, come va, arrivederci, bello, ahah, scusa, complimenti, auguri, mi dispiace',
  asks: 'ho una domanda, una domanda, ho un dubbio, non ricordo, mi chiedo, mi domando, vorrei sapere, voglio sapere, mi piacerebbe sapere, sono curioso, non capisco, sai, sa se, sapete, pensi che, credi che, ti ricordi, qualche idea, dammi, mi dia, dimmi, mi dica, aiutami a capire, capitale del, capitale di, differenza tra, significato di, parlami, raccontami',
  frames:
    'puoi, potresti, mi puoi, mi potresti, ci puoi, puo, potrebbe, potete, potreste, ti dispiacerebbe, le dispiacerebbe, vuoi, vorresti, saresti cosi gentile, e possibile, qualcuno puo, qualcuno potrebbe, possiamo, ti posso chiedere di, riesci a',
  wishes:
    'vorrei che tu, vorrei che, voglio che tu, voglio che, ho bisogno che tu, ho bisogno che, ho bisogno di, mi piacerebbe che, sarebbe bello se, non dimenticare, ricordati di, assicurati, devi, dovresti, se potessi, bisogna, vorrei un, vorrei una, vorrei prenotare, mi serve che, mi serve un, mi serve una, dobbiamo, facciamo in modo',
  questions:
    'che, chi, dove, quando, come, perche, quale, quali, qual, quanto, quanta, quanti, quante, cosa, che cosa, cos, com, dov, da dove, da quando, fino a quando, a che, con chi, di chi, per chi, a chi, in che, in quale, e se',
  auxiliaries:
    'e sono era erano hai ho ha hanno abbiamo avete c devo deve dovrei dovrebbe posso si sei siamo esiste esistono funziona conviene',
  subordinators: 'quando se appena dopo prima mentre una siccome finche',
  joints: 'e poi o ma anche ed dopo',
  tells: 'spieg descriv defin chiar chiarisc consigl suggerisc suggerir confront paragon cap raccont',
  says: 'di dim dic dir mostr fa',
  me: 'mi ci',
  acts: 'invi mand scriv cre gener aggiung mett inserisc inser programm pianific prenot ordin compr annull disdic disd cancell elimin rimuov svuot pulisc puli rinomin spost copi salv scaric caric install disinstall aggiorn esegu avvi riavvi ferm apr chiud accend spegn abbass alz ricord ricorda avvis chiam rispond inoltr pubblic condivid invit trov cerc controll verific prov corregg ripar refattorizz modific cambi sostitu sostituisc convert traduc riassum organizz prepar archivi decomprim estra stamp riproduc svegl annot segn segnat pag trasferisc formatt disegn attiv disattiv configur colleg alleg assegn ricerc analizz continu fa fai fac fall imposta impost regol dic di dille digli prend porta sblocc rimand butt togli toglie avverti',
  endings:
    '(?:a|i|e|o|are|ere|ire|ar|er|ir|ate|ete|ite|hi|hiamo|iamo|re|r|te)?(?:mi|ti|ci|lo|la|li|le|gli|ne|si|melo|mela|glielo|gliela)?',
  verbLast: false,
  assents:
    'si fallo, fallo, vai, si vai, procedi, si procedi, si grazie, si per favore, continua, ancora una volta, va bene fallo, ok fallo, vai avanti',
  labels: 'nota promemoria todo compito spesa lista idea',
  own: 'mio mia miei mie nostro nostra nostri nostre mamma papa nonna nonno',
  past: 'ho, noi, ti ricordi, ho detto, ti ho detto, ho annotato, abbiamo deciso, abbiamo concordato, abbiamo parlato, cosa sai di, cosa sai su, che sai di, ultima volta, settimana scorsa, ieri, devo, chi e, chi era, nei miei appunti, ho io, sono io, avevamo',
  general:
    'come, perche, che cos e, cos e, che cosa sono, cosa sono, cosa significa, che succede, quanti, quante, quanto tempo, c e, ci sono, si puo, e possibile',
  fillers:
    'sai sapere dire detto chiama nome numero oggi domani ieri settimana mese anno scorsa scorso prossimo fare fatto avere essere nota note appunti cosa cose qualcosa tutto piu molto bene meglio sempre mai ancora esattamente trova ora',
};
