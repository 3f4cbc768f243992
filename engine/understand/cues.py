"""Which words deny, doubt, ask, wish, or say that something is over? Chinese and English, as patterns."""

from typing import Final

from engine.understand.patterns import Lazy


def _any(*alternatives: str) -> Lazy:
    return Lazy("|".join(alternatives))


#: Ends of sentences; a point inside a number is none.
STOP: Final = _any(r"[。!?;\n]", r"\.(?!\d)", r"(?<!\d)\.")
#: Ends of clauses.
COMMA: Final = _any(
    r"[,:()]",
    r"但是|但|不过|可是|只是|然而|虽然|而且|却",
    r"\b(?:but|however|although|though|yet|whereas|while|and there (?:is|are))\b",
)
#: Look like negations and are none; blanked before anything else is read.
FALSE: Final = _any(
    r"不知道|不清楚|不确定|不晓得|有没有|(?P<a>[\u4e00-\u9fff])[不没](?P=a)",
    r"不错|不[仅但只光止]|不愧|不得不|没想到|没得说|没话说|没的说|别提多?|不要太|无敌|无论|不管|不断|没关系",
    r"(?:不用|不必|无需|不需要|别|不)(?:担心|怕|愁|发愁)(?:没有|没|不)?|不是没有?|不会没有?|不缺|不少|没问题|没有问题",
    r"毫不|不一会|不久|不禁|不远处?|不同|不一样|不然|不论|不妨|不时|不由|不经意|差不多|了不起|来不及|忍不住|少不了|没多[久远]|没几步",
    r"非常|非得|除非|特别|分别|别墅|别[人处致具有样的]|[个级区类性]别|告别|识别|未来|无[比限线缝意聊]|无人机",
    r"\bnot (?:only|just|to mention|bad)\b",
    r"\bno (?:doubt|wonder|matter|problem|trouble|worries|shortage of|lack of)\b",
    r"\bcan(?:'t|not) (?:fault|beat|complain|wait)\b|\bcouldn't be (?:better|more)\b",
    r"\bwithout (?:a )?doubt\b|\bnever (?:fails|disappoints)\b",
)
NO_ZH: Final = _any(
    r"不像|没有|没法|没能|不是|不能|不可以?|不让|不许|不准|不允许|不接待|不欢迎|不提供|不支持|不要|不想要?|不含|不加|不放|不带|不用|不再",
    r"所谓的?|哪有什?么?|哪来的?|谈不上|算不上|称不上|说不上|配不上|谢绝|禁止|拒绝|严禁|缺少|缺乏|缺"
    r"|取消了?|避开|排除|毫无|并非|从不|不|没|无|未|别|非",
)
#: Between a negation and a word they show that it speaks of something else ("不贵有草坪").
BREAK_ZH: Final = _any(r"有|其实|就|也|还|都|能|可以|因为|所以|的时候|之后")
NO_EN: Final = _any(
    r"\b(?:no use(?: (?:with|for|to)(?: an?| the| my)?)?|no|not|without|never"
    r"|lack(?:s|ed|ing)?|neither|nor|nothing|hardly(?: any)?|barely(?: any)?|cannot",
    r"avoid(?:ing|s)?|zero|free (?:of|from)|anything but|except(?: for)?|excluding|nobody|no one"
    r"|gave up on|give up on|other than|instead of|rather than",
    r"so called|so-called|fake|minus|prohibit(?:s|ed)|bans?|banned|forbid(?:s|den)?|refuses?"
    r"|(?<!a )(?<!the )few|(?:very|too|so|precious) little|isnt|dont|doesnt",
    r"[a-z]+n't)\b",
)
BREAK_EN: Final = _any(r"\b(?:has|there(?:'s| is| are)|with|because|so|which|who|is|are|was|were)\b")
#: Denials that follow the word.
AFTER: Final = _any(
    r"(?:的(?:朋友|人|老人|客人|家人|同学|同事|爸妈|奶奶|爷爷|话))?[\s的是来“”\"']*(?:也|都|在|有点|就|真的?|实在|完全|几乎|基本上?|压根|根本|其实|现在|这里|这边|位置"
    r"|区|内|里|倒是?|是){0,3}[\s]*"
    r"(?:(?:很|太|非常|特别|有点|比较|极)?(?:不方便|不友好|不好|不行|不够|很差|差劲|难找|有限|紧缺|堪忧|拉胯|不足|不开放|没开"
    r"|不提供|不允许|不支持|不能|不让|不可以|禁止|不可用|欠缺|不怎么样|不存在|没有(?!想象|那么|以前)|没(?:开放|找到|看到|见到)"
    r"|免谈|勿入|止步|除外|是个?(?:大问题|难题|摆设|笑话|噩梦)|形同虚设|锁着|没戏|不了(?!台)|[上过进]不[来去]|去不了|不[高多]|谈不上|算不上|就别提|用不了|坐不了|没事干|没地方"
    r"|坏的|锁了|锁着|坏掉了?|打不开|连不上|坐不了|不适合|看不懂|待不住|坐不住|格格不入|(?:要|会)失望|(?:要|得)?靠抢|要抢|慢得|很慢|太慢|(?:可以)?跳过|只能(?:坐着|干看|留在"
    r"|停在|放在|等在|站着|喝水)|会?(?:很|太|特别|非常)累|是(?:假|塑料|人工|人造|仿真)的?|不轻|不值|很?费劲|一言难尽)|(?:很|太|极|特别|非常)(?:少|差|难))",
    r"[^,。!?]{0,6}?(?:就算了|算了吧|(?:千万)?别(?:来|去|碰|买|用|想|学|白跑|试|入)|慎[入买重来用]|劝退|快跑|绕道|绕行|(?:可以)?省省|免了|放弃吧)",
    r"-free\b",
    r"[^,。!?;]{0,10}?(?:堵死|堵住|堆(?:满|着|了)?[^,。!?]{0,3}杂物|(?:当|成)了?仓库)",
    r"[^,。!?;]{0,6},(?:(?:但是?|可惜|走近一看|走近|走过去|过去|去了|到了|结果|却|发现|其实|现在|早就?|全|都|被|已经|一看|卡扣|门){1,4})"
    r"[^,。!?;]{0,6}?(?:堵死|堵住|锁着|锁了|上锁|坏了|坏的|打不开|用不了|没开|空的|堆)",
    r"[^。!?;]{0,30}?(?:等于没有|等于没)",
    r"[^,。!?;]{0,8},(?:这里|这儿|这家店?|店里)(?:可|是|都|根本|压根|真的?)?没有?(?:[,。!?]|$)",
    r"[^。!?;]{0,30},(?:确实|真的|里面|成分表里?)?(?:都)?(?:不含|没有添加|没添加)(?:[,。!?]|$)",
    r"[^.!?;,]{0,24}\b(?:is|are|was|were|turned out(?: to be)?) (?:all |just |only )?(?:artificial|fake|plastic)\b",
    r"[^.!?;,]{0,12}\b(?:could|can)(?:'t|not| not) (?:get|come|enter|fit|reach|go|pass)\b",
    r"[^.!?;,]{0,12}\b(?:had|have) to (?:wait|stay) (?:in the|outside|at home|behind)",
    r"[^.!?;,]{0,12}\btook (?:longer|forever|ages|an hour|half an hour)\b",
    r"[^.!?;,]{0,12}\b(?:kept |keeps )?drop(?:s|ped|ping)\b(?! (?:off|by|in))",
    r"[^.!?;]{0,8}\b(?:go|look) elsewhere\b|\s*(?:,\s*)?(?:i|we)(?:'d| would) (?:go|look|pick) (?:elsewhere"
    r"|somewhere else)",
    r"\s+(?:is|are) tolerated\b|\s+did(?:n't| not) (?:tolerate|like|agree|take)\b",
    r"\s*(?:(?:is|are|was|were)(?: not|n't)|not|isn't|aren't|excluded"
    r"|(?:is|are|was|were) (?:prohibited|forbidden|banned|unavailable|terrible|awful|limited|scarce|hopeless"
    r"|impossible|useless|locked|broken|taped"
    r"|out of order|not (?:great|good|easy)|an? (?:joke|problem|nightmare|pain|mess))|(?:will|would) (?:struggle"
    r"|be bored|hate)|,? (?:but|and) there (?:isn't|wasn't|is no)|it isn't"
    r"|beware|should (?:avoid|skip|stay away))\b",
)
#: "说好的草坪呢": promised, and not there.
PROMISED: Final = _any(r"(?:说好|承诺|宣传|答应)的[^,。!?]{0,6}$")
MISSED: Final = _any(r"[^,。!?]{0,4}呢")
EXCEPT: Final = _any(r"除了?[^,]{0,6}$")
BESIDES: Final = _any(r"[^,]{0,4}(?:之外|以外)?,?\s*[^,]{0,3}(?:还|也|另外)")
HEDGE: Final = _any(
    r"听说|据说|都说|听人说|隔壁桌说|别人说|朋友说|好像|似乎|貌似|可能(?!是?因为)|应该是?|大概|也许|或许|不确定|说不定|说是|网上说|据称|传闻|印象中|没记错",
    r"\b(?:apparently|(?:i|we) (?:was|were) told|people say|they say"
    r"|allegedly|(?:i|we)(?:'ve)? heard|heard (?:that|there|it)"
    r"|supposedly|seems?|seemingly|maybe",
    r"perhaps|might|probably|presumably|reportedly|not sure|i (?:think|guess|believe)|rumou?r|said to|supposed to)\b",
)
#: Asked, unknown, or not the place's doing: "没带娃" says nothing about whether children may come.
ASKS: Final = _any(
    r"有没有|能不能|可不可以|是不是|会不会|让不让|好不好|是否|不知道|不清楚|不晓得|求问|请问|想问|没带|没去|没试",
    r"\b(?:whether|wonder(?:ing)? if|does anyone know|anyone know|do they have|is there an?y?|are there any",
    r"don't know|do not know|no idea|haven't (?:tried|seen|checked))\b",
)
ASKED: Final = _any(
    r"\s*(?:究竟|到底)?在哪(?:儿|里|呢|啊|[?,。!\s]|$)|\s*(?:吗|么|嘛|不\?|没\?|不知道|不清楚|与否|or not\b)"
)
WISH: Final = _any(
    r"要是|如果|假如|希望|但愿|期待|求(?:个|一个)|多想|巴不得|建议(?:增加|加|开)",
    r"\b(?:wish(?:ed|ing)?|if only|if (?:it|they|there|only)|would be (?:nice|great|better|perfect)|hope(?:fully)?",
    r"hoping|could use|should (?:add|have(?! (?:kept|left|saved))))\b",
)
WISHED: Final = _any(r"[^。!?;]{0,6}(?:就好了|就更好|就完美|该多好)", r"[^.!?;]{0,20}\bwould (?:be|make it)\b")
_OVER: Final = (
    r"(?:没了|没有了|不在了|不见了|拆了|拆除|拆掉|铲了|铲掉|关了|关门|关闭|关停|倒闭|停业|停办|歇业|撤了|不行了|不让(?:进|带)?了|不能(?:进|带)?了|不可以了|撤掉|搬走|搬了|取消"
    r"|停用(?!才|后|就|之后)|停运|封了|被封|围起来|围挡|改成|改建|换成|变成|改为|不再|不开了|不做了|不给进|黄了|成了停车场"
    r"|gone|used to be|removed|torn (?:down|up|out)|demolished|replaced|ripped out|dug up|paved over|fenced off"
    r"|covered over|decked over|concreted|tarmacked|tiled over"
    r"|discontinued|scrapped|taken away|shut down|built over|turned into|converted|no more"
    r"|(?:permanently )?closed(?! (?:on|mon|tue|wed|thu|fri|sat|sun|at)))"
)
#: The end is told in the same clause.
ENDED: Final = _any(
    r"[^,;。!?]{0,14}?" + _OVER,
    r"[^,;.!?]{0,40}?\b(?:was|were|been|got|is|are) (?:\w+ )?(?:gone|removed|ripped out|torn (?:down|up|out)|dug up"
    r"|paved over|built (?:over|on)|switched off|a thing of the past|history|scraped off|taken up|lost to|cut"
    r"|cancelled|canceled|scrapped|demolished|boarded up|concreted|turned into|converted into)\b",
    r"[^,;.!?]{0,40}?\b(?:has become an?|became an?|is now an?|made way for|(?:has|have) (?:disappeared|vanished|gone)"
    r"|until (?:last|this) (?:year|spring|summer|autumn|winter)|(?:does|do)n't exist"
    r"|(?:is|are) (?:an? (?:\w+ )?\w+|parking|gravel|concrete|paved|tiles|decking) now)\b",
)
#: ... or in a later one that begins with it, with nothing else named between.
LATER: Final = _any(
    r"[^。!?;]{0,40}?(?:[,(]|但是|但|不过|可惜|but|however)\s*"
    r"(?:但是|但|不过|可惜|可是|现在|如今|目前|去年|今年|后来|已经|早就|全|都|被|听说|据说|上个月|上周|春天|夏天|秋天|冬天"
    r"|最近|这次去|再去|发现|it|they|that|this|and|but|now|sadly|unfortunately|'?s|is|are|was|were|has|have|had|since"
    r"|been|all|got|just|then|last (?:year|month)|\s|,)*" + _OVER
)
#: "It used to be alcohol-free": it is no more.
FREE: Final = _any(r"-free\b")
ANYMORE: Final = _any(r"[^.!?;]{0,30}\bany ?more\b")
BEFORE: Final = _any(
    r"(?:以前|曾经|原来|原先|从前|早年|当年|过去)[^,]{0,4}$",
    r"\b(?:used to (?:have|be|offer|allow)|no longer|formerly|(?:a|the) former|should have (?:kept|left|saved))\b",
)
NOW: Final = _any(
    r"[^。!?]{0,12}(?:现在|如今|今年|now)[^。!?]{0,12}(?:有|增|加|建|新|have|has|built|added|opened|there)",
)
