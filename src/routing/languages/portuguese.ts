import type { Language } from '../language.ts';

export const portuguese: Language = {
  name: 'pt',
  marks:
    'o a os as um uma de do da dos das e em no na nos nas que se nao por para com meu minha meus minhas teu tua seu sua me te lhe eu ele ela voce voces isso isto este esta esse essa como quando onde quem qual quanto porque mais muito ja ha pode podes poderia tenho tem foi sao ao pelo pela favor',
  openers:
    'me, nos, ola, oi, bom dia, boa tarde, boa noite, por favor, se faz favor, ok, esta bem, entao, e, e depois, depois, agora, obrigado, obrigada, sim, nao, bem, tambem, certo, alem disso, nesse caso',
  please: 'favor gentileza',
  chat: 'ola, oi, bom dia, boa tarde, boa noite, obrigado, obrigada, muito obrigado, estou, tudo bem, tchau, adeus, legal, kkk, desculpa, desculpe, parabens',
  asks: 'tenho uma pergunta, uma pergunta, tenho uma duvida, uma duvida, nao me lembro, pergunto me, eu me pergunto, me pergunto, gostaria de saber, queria saber, quero saber, tenho curiosidade, nao entendo, nao percebo, sabes, sabe, voce sabe, achas que, voce acha, acha que, lembras te, voce lembra, voce se lembra, alguma ideia, me da, da me, de me, diz me, diga me, me diga, me diz, me conta, conta me, ajuda me a entender, capital do, capital da, capital de, diferenca entre, significado de, sera que, fala me, me fale',
  frames:
    'pode, podes, podia, podias, poderia, poderias, voce pode, voce poderia, voce podia, podem, poderiam, me pode, te importas de, voce se importa de, se importaria de, queres, voce quer, sera que pode, sera que voce pode, sera que podes, alguem pode, alguem poderia, podemos, consegue, consegues, voce consegue, da para voce',
  wishes:
    'preciso que, quero que, queria que, gostaria que, seria otimo se, seria bom se, nao esquecas, nao esqueca, nao se esqueca, certifica te, certifique se, tens de, tem de, tem que, tens que, deves, deve, se pudesses, se pudesse, preciso de um, preciso de uma, preciso de, quero um, quero uma, queria reservar, temos de, precisamos de, vamos',
  questions:
    'que, quem, onde, quando, como, por que, porque, porque e que, o que, qual, quais, quanto, quanta, quantos, quantas, aonde, de onde, desde quando, ate quando, a que, em que, com quem, de quem, para quem, para que, e se, cade, quando e que, onde e que',
  auxiliaries:
    'e sao esta estao era eram foi ha havia tem tens tenho temos devo deveria devia posso sera seria vale existe existem funciona ja voce',
  subordinators: 'quando se depois antes enquanto assim uma logo ate',
  joints: 'e depois ou mas tambem',
  tells: 'explic descrev defin esclarec recomend aconselh suger compar entend cont',
  says: 'diz dig diga dize mostr da',
  me: 'me nos',
  acts: 'envi mand escrev redig cri gera ger faz faca fac adicion acrescent po poe ponha coloc insir inser program agend marc reserv ped peca encomend compr cancel apag elimin exclu delet remov esvazi limp arrum renomei renome mov muda mud copi guard salv baix descarreg carreg instal desinstal atualiz actualiz execut rod inici arranc reinici par abr fech lig deslig acend abaix aument lembr avis cham respond reencaminh encaminh public partilh compartilh convid encontr procur busc busqu pesquis verific verifiqu rev test conserta consert arranj corrig refator edit alter modific substitu convert traduz resum arquiv descompact extra imprim toc acord anot apont pag transfer organiz prepar format desenh ativ desativ configur conect anex analis calcul continu telefon tir traz leva pon assin bloque adi adie aprov',
  endings: '(?:a|as|ar|e|es|er|ir|em|am|i|ue|ues|que|que|ques|quem|r|z|va|vas|ia|im|o|ei)?',
  verbLast: false,
  assents:
    'sim faz isso, sim faca isso, faz isso, faca isso, pode fazer, sim por favor, vai em frente, continua, continue, outra vez, de novo, sim pode, ok faz isso, avanca',
  labels: 'nota lembrete todo tarefa compras lista ideia',
  own: 'meu minha meus minhas nosso nossa nossos nossas mae pai avo mamae papai',
  past: 'tenho, nos temos, lembras te, voce lembra, voce se lembra, te lembras, eu disse, te disse, anotei, decidimos, combinamos, falamos, o que sabes, o que voce sabe, ultima vez, semana passada, ontem, tenho de, tenho que, devo, quem e, quem era, quem foi, nas minhas notas, eu tenho, eu preciso',
  general:
    'como, por que, porque, o que e, o que sao, que significa, o que significa, quantos, quantas, quanto tempo, ha, existe, pode se, e possivel',
  fillers:
    'sabes sabe saber dizer disse chama nome numero hoje amanha ontem semana mes ano passada passado proximo fazer feito ter estar ser nota notas coisa coisas algo tudo mais muito bem melhor sempre nunca vez exatamente fica hora',
};
